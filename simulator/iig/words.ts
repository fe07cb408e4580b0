// Words that C++ keeps for itself.

export const qualifiers: ReadonlySet<string> = new Set(['const', 'volatile']);

export const elaborations: ReadonlySet<string> = new Set([
  'struct',
  'class',
  'enum',
  'union',
  'typename',
]);

/** Of these a built-in type has one … */
const plainTypes = [
  ...['void', 'bool', 'float', 'wchar_t', 'auto', 'char8_t', 'char16_t', 'char32_t'],
];

/** … or several of these. */
const typeWords = ['char', 'short', 'int', 'long', 'double', 'signed', 'unsigned', '__int128'];

export const builtinWords: ReadonlySet<string> = new Set([...plainTypes, ...typeWords]);

const keywords: ReadonlySet<string> = new Set([
  ...['alignas', 'alignof', 'asm', 'break', 'case', 'catch', 'concept', 'consteval', 'constexpr'],
  ...['constinit', 'const_cast', 'continue', 'co_await', 'co_return', 'co_yield', 'decltype'],
  ...['default', 'delete', 'do', 'dynamic_cast', 'else', 'explicit', 'export', 'extern', 'false'],
  ...[
    'for',
    'friend',
    'goto',
    'if',
    'inline',
    'mutable',
    'namespace',
    'new',
    'noexcept',
    'nullptr',
  ],
  ...['operator', 'private', 'protected', 'public', 'register', 'reinterpret_cast', 'requires'],
  ...['return', 'sizeof', 'static', 'static_assert', 'static_cast', 'switch', 'template', 'this'],
  ...['thread_local', 'throw', 'true', 'try', 'typedef', 'typeid', 'using', 'virtual', 'while'],
  ...['and', 'and_eq', 'bitand', 'bitor', 'compl', 'not', 'not_eq', 'or', 'or_eq', 'xor', 'xor_eq'],
]);

/** No name of a type, a method or a parameter. */
export function isReserved(word: string): boolean {
  return (
    keywords.has(word) || qualifiers.has(word) || elaborations.has(word) || builtinWords.has(word)
  );
}

/** A word that no value has in it. */
export function isDeclaring(word: string): boolean {
  return /^(?:virtual|static|extern|inline|typedef|using|namespace|friend|override|final)$/.test(
    word,
  );
}

/** Whether words make one built-in type: `unsigned long long int` is one, `char int` is not. */
export function isBuiltinType(words: readonly string[]): boolean {
  if (words.length === 1) return true;
  const count = (word: string): number => words.filter((each) => each === word).length;
  const most: Readonly<Record<string, number>> = { long: 2 };
  if (words.some((word) => !typeWords.includes(word) || count(word) > (most[word] ?? 1)))
    return false;
  const has = (word: string): boolean => count(word) > 0;
  const isSigned = has('signed') || has('unsigned');
  if (has('signed') && has('unsigned')) return false;
  if (has('char') || has('__int128')) return words.length === 2 && isSigned;
  if (has('double')) return words.length === 2 && count('long') === 1;
  return !(has('short') && has('long'));
}
