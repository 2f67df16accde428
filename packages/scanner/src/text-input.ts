/** The runtime's buffer holds 10 KiB of UTF-16, of which it leaves the last two bytes alone. */
const CHUNK = 10 * 1024 - 2;

type Callback = (address: number, index: number, row: number, column: number, read: number) => void;

interface Runtime {
  env: { memory: { buffer: ArrayBuffer }; tree_sitter_parse_callback?: Callback };
}

/** What of it is needed here; its types come with those of browsers only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => object;
};

/**
 * Hands text to the parser as Node copies it: the runtime's own loop, unit by unit, takes a twentieth
 * of all the time that parsing takes. Where another version asks for text in another way, it is left
 * to that loop.
 */
export class TextInput {
  /** What is parsed next. */
  text = '';
  readonly #runtime: () => Uint8Array;
  #memory: Buffer = Buffer.alloc(0);

  /** @param runtime reads `web-tree-sitter.wasm` */
  constructor(runtime: () => Uint8Array) {
    this.#runtime = runtime;
  }

  /** For `Parser.init`: instantiates the runtime so that it asks here. */
  readonly instantiateWasm = (
    imports: Runtime,
    done: (instance: object, module: object) => void,
  ): object => {
    const { env } = imports;
    if (env.tree_sitter_parse_callback !== undefined) {
      env.tree_sitter_parse_callback = (address, index, _row, _column, read) =>
        this.#give(env.memory.buffer, address, index, read);
    }
    const module = new WebAssembly.Module(this.#runtime());
    done(new WebAssembly.Instance(module, imports), module);
    return {};
  };

  #give(buffer: ArrayBuffer, address: number, index: number, read: number): void {
    // A memory that has grown has another buffer.
    if (this.#memory.buffer !== buffer) this.#memory = Buffer.from(buffer);
    const rest = this.text.slice(index);
    const bytes = this.#memory.write(rest, address, CHUNK, 'utf16le');
    this.#memory.writeInt32LE(bytes / 2, read);
  }
}
