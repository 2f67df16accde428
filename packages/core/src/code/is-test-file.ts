/** Whether a file holds tests or what only tests use, told by its path as test runners do. */
export function isTestFile(path: string): boolean {
  return TEST_FOLDER.test(path) || TEST_FILE.test(path);
}

const TEST_FOLDER =
  /(?:^|\/)(?:__tests__|__mocks__|tests?|specs?|e2e|fixtures?|testdata|testing)\//i;

const TEST_FILE =
  /(?:[._-](?:test|spec|e2e|bench)\.(?:d\.)?[cm]?[jt]sx?|(?:^|\/)test_[^/]*\.pyi?|_test\.(?:pyi?|go)|(?:^|\/)(?:conftest|tests)\.py)$/i;
