import { expect, test } from 'vitest';
import { extractText } from '../testing/extract-text.ts';

async function isPackageMember(path: string, text: string): Promise<boolean | undefined> {
  return (await extractText(path, text)).isPackageMember;
}

test('an import of the folder brings a file in on whatever platform it is for', async () => {
  expect(await isPackageMember('a/b.go', 'package a')).toBe(true);
  expect(await isPackageMember('a/b_windows.go', 'package a')).toBe(true);
  expect(await isPackageMember('a/b.go', '// +build linux,cgo\n\npackage a')).toBe(true);
  expect(await isPackageMember('a/b.go', '//go:build !race\n\npackage a')).toBe(true);
  expect(await isPackageMember('cmd/x/main.go', 'package main')).toBe(true);
  expect(await isPackageMember('a/doc.go', '/*\n//go:build ignore\n*/\npackage a')).toBe(true);
});

test('tests, programs behind a constraint and what the go command overlooks stay out', async () => {
  expect(await isPackageMember('a/b_test.go', 'package a')).toBe(false);
  expect(await isPackageMember('a/b_test.go', 'package a_test')).toBe(false);
  expect(await isPackageMember('a/gen.go', '//go:build ignore\n\npackage main')).toBe(false);
  expect(await isPackageMember('a/gen.go', '// +build ignore\n\npackage a')).toBe(false);
  expect(await isPackageMember('a/gen.go', '//go:build generate\n\npackage main')).toBe(false);
  expect(await isPackageMember('a/doc.go', 'package documentation')).toBe(false);
  expect(await isPackageMember('a/_b.go', 'package a')).toBe(false);
  expect(await isPackageMember('a/.b.go', 'package a')).toBe(false);
  expect(await isPackageMember('a/empty.go', '')).toBe(false);
});
