// What both command lines say of a wrong word, and how both have yargs read words.
import { didYouMean } from '../diagnostics/index.js';

/** Words are taken as they are given. */
export const parserConfiguration = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
} as const;

export type Known = { readonly commands: readonly string[]; readonly options: readonly string[] };

/** yargs' words for the common mistakes, with the word that was probably meant. */
export function explainFault(message: string, argv: readonly string[], known: Known): string {
  const unknown = /^Unknown (?:argument|command)s?: (.+)$/.exec(message);
  if (unknown === null) return message.replace(/\s*\n\s*/g, ' ').trim();
  const words = (unknown[1] ?? '').split(', ');
  return words.map((word) => explainWord(word, argv, known)).join('; ');
}

/** yargs names an option without its dashes. */
function explainWord(word: string, argv: readonly string[], known: Known): string {
  const option = argv.find((given) => /^-+/.test(given) && given.replace(/^-+|=.*$/g, '') === word);
  const what = option === undefined && argv[0] === word ? 'command' : 'argument';
  const written = option?.replace(/=.*$/, '') ?? word;
  const hint = didYouMean(written, option === undefined ? known.commands : known.options);
  return `unknown ${what} "${written}"${hint === null ? '' : `: ${hint}`}`;
}
