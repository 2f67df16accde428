/**
 * What an agent is told of the board and the code index. Every agent reads this at the start of every
 * session, so each word has to be worth it; and as formatters leave Markdown, so that they leave it.
 */
export const INSTRUCTIONS = `## Work with others: the board and the code index (\`cpk\`)

Several agents share this project; \`cpk\` hands each task to one of them. If it is missing try \`npx codepakt\`; if that fails or says \`project_not_found\`, work without.

Give every call the same name, which no other agent has: \`--agent NAME\` (left out below) or the variable \`CPK_AGENT\`. Answers are JSON; an error's \`hint\` says what to do.

### Tasks

1. \`cpk task pickup\` gives you a task. Read the docs in its \`context\`: \`cpk docs read D-001\`. After a break see \`cpk task mine\` first. Exit 5: nothing to do; \`--wait 60s\` waits.
2. Do that task, and no other. For those after you: \`cpk task note T-001 "…"\`. Before an hour of silence: \`cpk task heartbeat T-001\`.
3. \`cpk task done T-001 --note "what changed"\` sends it to review; add \`--verify\` if it has a \`verify\` command. Exit 7: that failed, go on. Then pick up the next. People approve; you don't.

- Stuck: \`cpk task block T-001 --reason "…"\`. Giving it back: \`cpk task release T-001 --note "how far it is"\`.
- More work found: \`cpk task add --title "…" --depends-on T-001\`, \`--touches "src/x/**"\` for what it will edit.
- Exit 4 (\`lost_claim\`): it is not yours any more; stop.
- Learned or decided: \`cpk docs write --type decision --title "…" --body "…"\`. Look first: \`cpk docs search WORDS\`.

### Code

Ask before you grep or read whole files; add \`--fresh\` after edits:

- \`cpk code symbols NAME\`: where it is. \`cpk code source NAME\`: its text.
- \`cpk code outline FILE\`: what is in it. \`cpk code dependents FILE\`: who uses it.
- \`cpk code search WORDS\`, \`cpk code summary\`: when you don't know the name.

No index yet: \`cpk scan\`. All commands: \`cpk --help\`.`;
