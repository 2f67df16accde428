// Loaded before a program: tells at its end the most memory that it held, in KiB.
process.on('exit', () => {
  process.stderr.write(`\npeak ${process.resourceUsage().maxRSS}\n`);
});
