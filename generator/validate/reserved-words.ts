// Words that mean something in a language or on the platform that a schema is generated for.

type WordList = { readonly words: ReadonlySet<string>; readonly reason: string };

const set = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

const cpp: WordList = {
  reason: 'a C++ keyword',
  words: set(`
    alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t char32_t class
    compl concept const const_cast consteval constexpr constinit continue co_await co_return co_yield decltype
    default delete do double dynamic_cast else enum explicit export extern false float for friend goto if inline
    int long mutable namespace new noexcept not not_eq nullptr operator or or_eq private protected public
    register reinterpret_cast requires restrict return short signed sizeof static static_assert static_cast
    struct switch template this thread_local throw true try typedef typeid typename typeof union unsigned using
    virtual void volatile wchar_t while xor xor_eq`),
};

const typescript: WordList = {
  reason: 'a TypeScript keyword',
  words: set(`
    arguments as async await break case catch class const continue debugger declare default delete do else enum
    eval export extends false finally for function if implements import in instanceof interface let new null of
    package private protected public return static super switch this throw true try type typeof undefined var
    void while with yield`),
};

/** Words that a TypeScript member, property or destructured argument may not be, although some are valid in places. */
const typescriptStrict: WordList = {
  reason: 'a TypeScript keyword',
  words: new Set(
    [...typescript.words].filter(
      (word) => !['as', 'async', 'declare', 'of', 'type'].includes(word),
    ),
  ),
};

/** Macros of compilers and system headers that stand for something else wherever they are written. */
const macros: WordList = {
  reason: 'a macro of the compiler or the system headers',
  words: set('linux unix i386 errno stdin stdout stderr noreturn complex imaginary environ'),
};

const objectMembers: WordList = {
  reason: 'a member of every JavaScript object',
  words: set(
    'constructor prototype hasOwnProperty isPrototypeOf toString toLocaleString valueOf toJSON',
  ),
};

/** Members of OSObject, IOService and IOUserClient (contract §1.1), compared with the name as it is and as a hook. */
const baseClass: WordList = {
  reason: 'a member of a DriverKit base class',
  words: set(`
    init free retain release Start Stop Stop_async Create Terminate Dispatch ClientCrashed GetRegistryEntryID
    SetName RegisterService SetDispatchQueue CopyDispatchQueue CreateDefaultDispatchQueue CopyProperties
    SearchProperty SetProperties RemoveProperty JoinPMTree SetPowerState ChangePowerState NewUserClient
    CopyProviderProperties CopyName StringFromReturn GetProvider GetBusyState AdjustBusy WaitInterrupt
    RequireMaxBusStall CoreStringMatch StateNotificationItemCreate StateNotificationItemSet
    StateNotificationItemCopy UserSetProperties ExternalMethod AsyncCompletion KernelCompletion
    CopyClientMemoryForType CreateMemoryDescriptorFromClient CopyClientEntitlements`),
};

export const baseMembers = baseClass.words;

/** Members of every generated driver class. */
const driverMembers: WordList = {
  reason: 'a generated member of the driver',
  words: set('Core StopCore PublishProperties'),
};

/** Members of every generated TypeScript client. `then` would make the client look like a promise. */
const clientMembers: WordList = {
  reason: 'a member of every TypeScript client',
  words: set('open close raw id end ended statistics then'),
};

/** Names a generated client takes from the language; its class must not hide them. Types get a prefix there. */
const globals: WordList = {
  reason: 'a global that the TypeScript client uses',
  words: set(`
    Array ArrayBuffer AsyncDisposable BigInt BigInt64Array BigUint64Array Boolean DataView Error Float32Array
    Float64Array Int16Array Int32Array Int8Array Map Number Object Omit Promise Set String Symbol Uint16Array
    Uint32Array Uint8Array URL`),
};

/** Hidden by a parameter of this name: where a driver keeps its state (contract §9.2). */
const parameters: WordList = { reason: 'the state of every DriverKit class', words: set('ivars') };

export type NamePosition =
  | 'interface'
  | 'type'
  | 'field'
  | 'argument'
  | 'enum value'
  | 'method'
  | 'event'
  | 'buffer'
  | 'property'
  | 'action'
  | 'error'
  | 'constant'
  | 'driver'
  | 'user client'
  | 'service'
  | 'state machine'
  | 'state'
  | 'role'
  | 'handle'
  | 'class'
  | 'provider class';

const identifiers: readonly WordList[] = [cpp, typescriptStrict, macros, objectMembers];
const members: readonly WordList[] = [...identifiers, baseClass, driverMembers, clientMembers];

/** Enum values, errors and constants are always prefixed, so that keywords such as `auto`, `off` or `default` are fine there. */
const reserved: Readonly<Record<NamePosition, readonly WordList[]>> = {
  interface: [...identifiers, globals],
  type: identifiers,
  field: [...identifiers, parameters],
  argument: [...identifiers, parameters],
  'enum value': [objectMembers],
  method: members,
  event: members,
  buffer: members,
  property: members,
  action: [...identifiers, baseClass, driverMembers],
  error: [objectMembers],
  constant: [objectMembers],
  driver: [],
  'user client': [],
  service: [...identifiers, baseClass],
  'state machine': [objectMembers],
  state: [objectMembers],
  role: [objectMembers],
  handle: identifiers,
  class: [cpp, macros],
  'provider class': [],
};

/** Why a word cannot be the name of a thing, or null. `spellings` are the forms in which it is generated. */
export function reservedReason(
  position: NamePosition,
  spellings: readonly string[],
): string | null {
  const list = reserved[position].find(({ words }) => spellings.some((word) => words.has(word)));
  return list?.reason ?? null;
}
