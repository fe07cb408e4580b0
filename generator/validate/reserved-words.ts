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

/** Words of the .iig language, and macros of headers that a driver cannot do without. */
const platformMacros: WordList = {
  reason: 'a macro of the platform',
  words: set(`
    KERNEL LOCAL LOCALONLY LOCALHOST IMPL INVOKE INVOKEREPLY REPLY PORTMAKESEND TARGET TYPE ARRAY QUEUENAME EXTENDS
    SUPERDISPATCH NULL TRUE FALSE EOF NAN INFINITY BUFSIZ RAND_MAX BIG_ENDIAN LITTLE_ENDIAN BYTE_ORDER CHAR_BIT INT_MAX
    INT_MIN UINT_MAX LONG_MAX LONG_MIN SIZE_MAX PATH_MAX I DEBUG NDEBUG BOOL YES NO SEL Class Protocol`),
};

/** Headers of the C library and of Node that others include as `<name.h>`. */
const headers = set(`
  alloca assert complex ctype dirent dlfcn endian errno fcntl features fenv float inttypes iso646 limits locale malloc math
  napi node node_api poll pthread sched semaphore setjmp signal spawn stdalign stdarg stdatomic stdbool stddef stdint stdio
  stdlib stdnoreturn string strings syslog termios tgmath threads time uchar unistd utime uv v8 wchar wctype`);

/** The wire header has the interface's name, and its folder is searched before the system's. */
export function headerReason(file: string): string | null {
  return headers.has(file) ? `the header ${file}.h of the system by its file name` : null;
}

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

/** Hidden by a parameter of this name. */
const functions: WordList = {
  reason: 'a function that generated code calls',
  words: set('memcpy memset memcmp'),
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
  interface: [...identifiers, globals, platformMacros],
  type: identifiers,
  field: [...identifiers, parameters],
  argument: [...identifiers, parameters, functions],
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
  class: [cpp, macros, platformMacros],
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
