// Prints what Go itself sees in files: one JSON object a line for the paths given on stdin.
//
// Usage: go run go-reference.go ROOT < paths, one a line, relative to ROOT
//
// Declarations and imports come from go/ast. Which files make a package is asked of go/build; where
// an import path leads follows from the go.mod files around.
package main

import (
	"bufio"
	"encoding/json"
	"go/ast"
	"go/build"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
)

type symbol struct {
	Name      string         `json:"name"`
	Kind      string         `json:"kind"`
	Parent    *string        `json:"parent"`
	Line      int            `json:"line"`
	Column    int            `json:"column"`
	StartLine int            `json:"start_line"`
	EndLine   int            `json:"end_line"`
	Exported  bool           `json:"exported"`
	Metadata  map[string]any `json:"metadata"`
}

type imported struct {
	Name  string  `json:"name"`
	Alias *string `json:"alias"`
}

type importSpec struct {
	Specifier string     `json:"specifier"`
	Names     []imported `json:"names"`
	Kind      string     `json:"kind"`
	Line      int        `json:"line"`
	Resolved  []string   `json:"resolved"`
}

type answer struct {
	Path    string       `json:"path"`
	Error   string       `json:"error,omitempty"`
	Package *string      `json:"package"`
	Symbols []symbol     `json:"symbols"`
	Imports []importSpec `json:"imports"`
}

func main() {
	root, err := filepath.Abs(os.Args[1])
	if err != nil {
		panic(err)
	}
	project := readProject(root)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	encoder := json.NewEncoder(out)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if err := encoder.Encode(project.read(lines.Text())); err != nil {
			panic(err)
		}
	}
}

func (p *project) read(file string) answer {
	result := answer{Path: file, Symbols: []symbol{}, Imports: []importSpec{}}
	source, err := os.ReadFile(filepath.Join(p.root, file))
	if err != nil {
		result.Error = err.Error()
		return result
	}
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, file, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		result.Error = err.Error()
		return result
	}
	reader := reader{files: files, lines: strings.Split(strings.TrimPrefix(string(source), "\ufeff"), "\n")}
	for _, declaration := range tree.Decls {
		reader.declaration(declaration)
	}
	result.Symbols = append(result.Symbols, reader.found...)
	for _, spec := range tree.Imports {
		result.Imports = append(result.Imports, p.readImport(spec, file, files))
	}
	if folder := path.Dir(file); p.members(folder)[path.Base(file)] {
		name := slashed(folder)
		result.Package = &name
	}
	return result
}

type reader struct {
	files *token.FileSet
	lines []string
	found []symbol
}

func (r *reader) declaration(declaration ast.Decl) {
	switch declaration := declaration.(type) {
	case *ast.FuncDecl:
		if declaration.Recv == nil {
			r.add(declaration.Name, "function", nil, declaration, declaration, nil)
			return
		}
		var receiver *ast.Ident
		if len(declaration.Recv.List) > 0 {
			receiver = baseName(declaration.Recv.List[0].Type)
		}
		if receiver == nil {
			return
		}
		metadata := map[string]any{}
		added := r.add(declaration.Name, "method", &receiver.Name, declaration, declaration, metadata)
		if added != nil {
			added.Exported = added.Exported && receiver.IsExported()
		}
	case *ast.GenDecl:
		for _, spec := range declaration.Specs {
			whole := ast.Node(spec)
			if !declaration.Lparen.IsValid() {
				whole = declaration
			}
			r.spec(spec, declaration.Tok, whole)
		}
	}
}

func (r *reader) spec(spec ast.Spec, keyword token.Token, whole ast.Node) {
	switch spec := spec.(type) {
	case *ast.TypeSpec:
		kind := "type"
		switch spec.Type.(type) {
		case *ast.StructType:
			kind = "struct"
		case *ast.InterfaceType:
			kind = "interface"
		}
		metadata := map[string]any{}
		if spec.Assign.IsValid() {
			metadata["alias"] = true
		}
		if r.add(spec.Name, kind, nil, whole, spec, metadata) != nil {
			r.members(spec.Type, spec.Name.Name)
		}
	case *ast.ValueSpec:
		kind := "variable"
		if keyword == token.CONST {
			kind = "constant"
		}
		for _, name := range spec.Names {
			r.add(name, kind, nil, whole, spec, nil)
		}
		for _, name := range spec.Names {
			if name.Name != "_" {
				r.members(spec.Type, name.Name)
			}
		}
	}
}

// members reads the fields and methods of the struct or interface in a type.
func (r *reader) members(expression ast.Expr, parent string) {
	switch expression := expression.(type) {
	case *ast.StructType:
		for _, field := range expression.Fields.List {
			r.field(field, parent)
		}
	case *ast.InterfaceType:
		for _, field := range expression.Methods.List {
			r.field(field, parent)
		}
	case *ast.StarExpr:
		r.members(expression.X, parent)
	case *ast.ParenExpr:
		r.members(expression.X, parent)
	case *ast.ArrayType:
		r.members(expression.Elt, parent)
	case *ast.MapType:
		r.members(expression.Value, parent)
	case *ast.ChanType:
		r.members(expression.Value, parent)
	}
}

func (r *reader) field(field *ast.Field, parent string) {
	if len(field.Names) == 0 {
		if name := baseName(field.Type); name != nil {
			r.add(name, "property", &parent, field, field, map[string]any{"embedded": true})
		}
		return
	}
	for _, name := range field.Names {
		kind := "property"
		if _, isFunction := field.Type.(*ast.FuncType); isFunction && !r.isStructField(name, field) {
			kind = "method"
		}
		if r.add(name, kind, &parent, field, field, nil) != nil {
			r.members(field.Type, parent+"."+name.Name)
		}
	}
}

// isStructField tells `f func()` from the interface's method `f()`, which go/ast writes alike: the
// method's type has no keyword and begins where its name ends.
func (r *reader) isStructField(name *ast.Ident, field *ast.Field) bool {
	return field.Type.(*ast.FuncType).Func.IsValid()
}

func baseName(expression ast.Expr) *ast.Ident {
	switch expression := expression.(type) {
	case *ast.Ident:
		return expression
	case *ast.StarExpr:
		return baseName(expression.X)
	case *ast.ParenExpr:
		return baseName(expression.X)
	case *ast.SelectorExpr:
		return expression.Sel
	case *ast.IndexExpr:
		return baseName(expression.X)
	case *ast.IndexListExpr:
		return baseName(expression.X)
	}
	return nil
}

func (r *reader) add(name *ast.Ident, kind string, parent *string, whole, node ast.Node, metadata map[string]any) *symbol {
	if name.Name == "_" {
		return nil
	}
	if metadata == nil {
		metadata = map[string]any{}
	}
	position := r.files.PositionFor(name.Pos(), false)
	before := r.lines[position.Line-1][:position.Column-1]
	r.found = append(r.found, symbol{
		Name:      name.Name,
		Kind:      kind,
		Parent:    parent,
		Line:      position.Line,
		Column:    len(utf16.Encode([]rune(before))) + 1,
		StartLine: r.files.PositionFor(whole.Pos(), false).Line,
		EndLine:   r.files.PositionFor(node.End(), false).Line,
		Exported:  name.IsExported(),
		Metadata:  metadata,
	})
	return &r.found[len(r.found)-1]
}

// project knows the modules below a folder and which files make its packages.
type project struct {
	root    string
	modules []module
	known   map[string]map[string]bool
}

type module struct {
	folder   string
	path     string
	replaced map[string]string
}

func readProject(root string) *project {
	project := project{root: root, known: map[string]map[string]bool{}}
	filepath.WalkDir(root, func(file string, entry os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && entry.Name() == ".git" {
			return filepath.SkipDir
		}
		if !entry.IsDir() && entry.Name() == "go.mod" {
			project.modules = append(project.modules, readModule(root, file))
		}
		return nil
	})
	// The innermost first.
	sort.Slice(project.modules, func(a, b int) bool {
		return len(project.modules[a].folder) > len(project.modules[b].folder)
	})
	return &project
}

func readModule(root, file string) module {
	text, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	folder, _ := filepath.Rel(root, filepath.Dir(file))
	found := module{folder: filepath.ToSlash(folder), replaced: map[string]string{}}
	for _, line := range strings.Split(string(text), "\n") {
		line, _, _ = strings.Cut(line, "//")
		words := strings.Fields(line)
		for at, word := range words {
			if unquoted, err := strconv.Unquote(word); err == nil {
				words[at] = unquoted
			}
		}
		if len(words) == 2 && words[0] == "module" {
			found.path = words[1]
		}
		for at, word := range words {
			if word != "=>" || at+1 >= len(words) || !strings.HasPrefix(words[at+1], ".") {
				continue
			}
			from := words[0]
			if from == "replace" {
				from = words[1]
			}
			found.replaced[from] = path.Join(found.folder, words[at+1])
		}
	}
	return found
}

func (p *project) moduleOf(folder string) *module {
	for at := range p.modules {
		if p.modules[at].folder == "." || folder == p.modules[at].folder || strings.HasPrefix(folder, p.modules[at].folder+"/") {
			return &p.modules[at]
		}
	}
	return nil
}

func (p *project) readImport(spec *ast.ImportSpec, file string, files *token.FileSet) importSpec {
	specifier, _ := strconv.Unquote(spec.Path.Value)
	found := importSpec{
		Specifier: specifier,
		Names:     []imported{{Name: "*"}},
		Kind:      "import",
		Line:      files.PositionFor(spec.Pos(), false).Line,
		Resolved:  []string{},
	}
	if spec.Name != nil {
		found.Names[0].Alias = &spec.Name.Name
		if spec.Name.Name == "_" {
			found.Names, found.Kind = []imported{}, "side_effect"
		}
	}
	if folder, ok := p.resolve(path.Dir(file), specifier); ok {
		found.Resolved = []string{slashed(folder)}
	}
	return found
}

// resolve finds the folder of an import path as the go command would with every module of the
// project at hand, and with the vendor folder of the importer's module.
func (p *project) resolve(from, specifier string) (string, bool) {
	own := p.moduleOf(from)
	if own == nil || specifier == "C" {
		return "", false
	}
	candidates := []string{}
	if own.path == "std" {
		candidates = append(candidates, path.Join(own.folder, specifier))
	}
	best := ""
	consider := func(prefix, folder string) {
		if specifier != prefix && !strings.HasPrefix(specifier, prefix+"/") || len(prefix) <= len(best) {
			return
		}
		// What lies below another go.mod is of that module.
		candidate := path.Join(folder, specifier[len(prefix):])
		if holder := p.moduleOf(candidate); holder != nil && holder.folder == folder {
			best = prefix
			candidates = append([]string{candidate}, candidates...)
		}
	}
	consider(own.path, own.folder)
	for prefix, folder := range own.replaced {
		consider(prefix, folder)
	}
	for _, module := range p.modules {
		if !strings.Contains("/"+module.folder+"/", "/testdata/") {
			consider(module.path, module.folder)
		}
	}
	candidates = append(candidates, path.Join(own.folder, "vendor", specifier))
	for _, candidate := range candidates {
		if len(p.members(candidate)) > 0 {
			return candidate, true
		}
	}
	return "", false
}

var noTest = regexp.MustCompile(`_test\.go$`)

// members are the files that an import of a folder brings in, on whatever platform.
func (p *project) members(folder string) map[string]bool {
	if known, ok := p.known[folder]; ok {
		return known
	}
	members := map[string]bool{}
	p.known[folder] = members
	absolute := filepath.Join(p.root, folder)
	found, err := build.Default.ImportDir(absolute, build.IgnoreVendor)
	if _, several := err.(*build.MultiplePackageError); found == nil || several {
		return members
	}
	for _, file := range append(append([]string{}, found.GoFiles...), found.CgoFiles...) {
		members[file] = true
	}
	for _, file := range found.IgnoredGoFiles {
		if noTest.MatchString(file) {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), filepath.Join(absolute, file), nil, parser.PackageClauseOnly|parser.ParseComments)
		if err != nil || tree.Name.Name == "documentation" {
			continue
		}
		if found.Name == "" {
			found.Name = tree.Name.Name
		}
		if tree.Name.Name == found.Name && canBeBuilt(tree) {
			members[file] = true
		}
	}
	return members
}

// canBeBuilt tells whether any choice of tags but `ignore` satisfies the file's constraint.
func canBeBuilt(tree *ast.File) bool {
	for _, group := range tree.Comments {
		for _, comment := range group.List {
			if comment.Pos() > tree.Package || !constraint.IsGoBuild(comment.Text) && !constraint.IsPlusBuild(comment.Text) {
				continue
			}
			expression, err := constraint.Parse(comment.Text)
			if err == nil && !satisfiable(expression) {
				return false
			}
		}
	}
	return true
}

func satisfiable(expression constraint.Expr) bool {
	tags := []string{}
	seen := map[string]bool{}
	for _, answer := range []bool{true, false} {
		expression.Eval(func(tag string) bool {
			if !seen[tag] {
				tags = append(tags, tag)
			}
			seen[tag] = true
			return answer
		})
	}
	for choice := 0; choice < 1<<len(tags); choice++ {
		chosen := map[string]bool{}
		for at, tag := range tags {
			chosen[tag] = choice&(1<<at) != 0 && tag != "ignore"
		}
		if expression.Eval(func(tag string) bool { return chosen[tag] }) {
			return true
		}
	}
	return false
}

func slashed(folder string) string {
	return folder + "/"
}
