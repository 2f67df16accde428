import { CodepaktError, HUMAN, LIMITS } from '@codepakt/contract';

/** @throws CodepaktError `invalid_input` when nobody may act under this name */
export function requireAgentName(name: string): void {
  const message =
    name.trim() === ''
      ? 'is empty'
      : name.length > LIMITS.label && [...name].length > LIMITS.label
        ? `is longer than ${LIMITS.label} characters`
        : name === HUMAN
          ? 'is reserved for people'
          : !name.isWellFormed() || /\p{Cc}/u.test(name)
            ? 'has control characters in it'
            : undefined;
  if (message === undefined) return;
  throw new CodepaktError('invalid_input', `agent ${message}`, {
    errors: [{ path: '/agent', message }],
    hint: 'Give the agent a short name: --agent claude-1, or CPK_AGENT.',
  });
}
