// The resolved interface: what every emitter reads. Types only; plain, readonly and JSON-printable.
// Sizes, offsets, carriers and memory types are computed once (in model/) and printed by every emitter as they stand.

/** Raised when a consumer of `model.json` would misread an older model. */
export const MODEL_VERSION = 1;

export type Model = {
  readonly modelVersion: typeof MODEL_VERSION;
  /** `Scope`: the prefix of every C and C++ name. */
  readonly name: string;
  /** `scope`: the folder and file name below `generated/`. */
  readonly id: string;
  readonly version: { readonly major: number; readonly minor: number };
  readonly doc: string;
  /** Path of the schema relative to the project, with forward slashes. */
  readonly schemaPath: string;
  /** SHA-256 over the canonical observable interface, cut to 128 bits, as two 16-digit hex words. */
  readonly contractHash: { readonly high: string; readonly low: string };
  /** Where the contract selectors sit, or null when the schema disables them. */
  readonly contract: { readonly base: number } | null;
  readonly bundle: {
    readonly identifier: string;
    readonly name: string;
    /** All matched drivers live in one process (contract §5.3). */
    readonly oneProcess: boolean;
  };
  /** At least one; the first is the main one. */
  readonly drivers: readonly Driver[];
  /** What apps can open, in schema order: those of the first driver first. Everything below says which it belongs to. */
  readonly userClients: readonly UserClient[];
  /** What the dext links, DriverKit first. */
  readonly frameworks: readonly string[];
  /** What the dext is signed with, and the apps that open it. */
  readonly entitlements: readonly Entitlement[];
  /** Services that the bundle creates below a driver or a connection. */
  readonly services: readonly ChildService[];
  /** Named numbers and texts, in schema order. */
  readonly constants: readonly Constant[];
  /** Named types in dependency order: a type stands after everything it contains. */
  readonly types: readonly NamedType[];
  /** Ordered by selector; those of different user clients may share one. */
  readonly methods: readonly Method[];
  readonly retired: readonly RetiredRange[];
  readonly events: readonly Event[];
  /** Completions with selectors of the interface's own, and the events that come through each. Ordered by selector. */
  readonly subscriptions: readonly Subscription[];
  /** Events that the app fetches with a method. */
  readonly polls: readonly PolledEvent[];
  readonly buffers: readonly Buffer[];
  readonly properties: readonly Property[];
  /** Every error some method declares, in order of first use. */
  readonly errors: readonly DeclaredError[];
  /** In schema order, which numbers them. */
  readonly states: readonly StateMachine[];
  readonly roles: readonly Role[];
  readonly handles: readonly HandleType[];
};

export type SelectorRange = { readonly first: number; readonly last: number };

/** `client`: name of the user client whose selectors they were. */
export type RetiredRange = SelectorRange & { readonly client: string };

export type Driver = {
  /** Its key below `drivers`; `main` when it is the only one. */
  readonly name: string;
  /** C++ class of the driver and, since it is the IOUserClass, the registry name of the service. */
  readonly className: string;
  /** C++ class that it derives from: IOService, or a class of a family, and the framework that declares it. */
  readonly baseClass: string;
  readonly baseFramework: string;
  /** Project path of an .iig that exists and is kept; null when dextgen writes it. */
  readonly keptIig: string | null;
  /** At least one. */
  readonly personalities: readonly Personality[];
  readonly actions: readonly DriverAction[];
  /** Connections at a time. */
  readonly maxClients: number;
  /** It hears of its clients coming and going. */
  readonly clientHooks: boolean;
  readonly doc: string;
};

/** One dictionary below IOKitPersonalities. */
export type Personality = {
  readonly name: string;
  /** IOClass: the kernel's half. */
  readonly kernelClass: string;
  /** IOProviderClass. */
  readonly provider: string;
  /** Matching keys, in schema order. */
  readonly match: readonly PlistEntry[];
  /** Further keys, which become properties of the service. */
  readonly properties: readonly PlistEntry[];
};

export type Entitlement = {
  /** Who is signed with it: the dext, its apps on macOS, or those on iPadOS. */
  readonly side: 'dext' | 'macos' | 'ipados';
  readonly key: string;
  readonly value: PlistValue;
  /** Apple grants it on request only. */
  readonly approval: boolean;
  /** What in the schema asks for it. */
  readonly reason: string;
};

export type PlistEntry = { readonly key: string; readonly value: PlistValue };

/** A value of a property list. The kernel's lists have neither fractions nor dates (contract §6.4). */
export type PlistValue =
  | { readonly kind: 'string'; readonly value: string }
  /** A decimal string beyond 2^53. */
  | { readonly kind: 'integer'; readonly value: number | string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'data'; readonly hex: string }
  | { readonly kind: 'array'; readonly items: readonly PlistValue[] }
  | { readonly kind: 'dictionary'; readonly entries: readonly PlistEntry[] };

/** A class of connections to one driver, with selectors and memory types of its own. */
export type UserClient = {
  /** Its key below `userClients`; `main` in the short form. */
  readonly name: string;
  /** Name of the driver that creates it. */
  readonly driver: string;
  readonly className: string;
  /** Third argument of IOServiceOpen that asks for it; null when any does. */
  readonly type: number | null;
  /** Key of the personality that holds its dictionary (contract §4.2). */
  readonly dictionary: string;
  /** Further keys of that dictionary, which become properties of the connection. */
  readonly properties: readonly PlistEntry[];
  readonly doc: string;
};

/** A service that the bundle's own code creates from a named dictionary, such as a virtual HID device. */
export type ChildService = {
  readonly name: string;
  /** Whose dictionary holds its own, and who creates it: a user client or a driver, by name. */
  readonly owner: { readonly kind: 'userClient' | 'driver'; readonly name: string };
  readonly dictionary: string;
  /** IOUserClass, which is written by hand; empty for a service that is all the kernel's. */
  readonly className: string;
  /** IOClass: the kernel's half. */
  readonly kernelClass: string;
  readonly properties: readonly PlistEntry[];
  readonly doc: string;
};

/** A completion the driver receives from its provider: `virtual void ReadComplete(...) TYPE(IOUSBHostPipe::CompleteAsyncIO)`. */
export type DriverAction = {
  readonly name: string;
  readonly providerClass: string;
  readonly providerMethod: string;
};

export type ScalarName =
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'i8'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'bool';

/** A named number or text. Integers beyond 2^53 are decimal strings. */
export type Constant = {
  readonly name: string;
  readonly kind: 'integer' | 'float' | 'text';
  readonly value: number | string;
  readonly doc: string;
};

/** A type of fixed size. What varies in size is a `RecordRef`, and stands in other places. */
export type Type = WordType | WideType | StringType | StructRef | ArrayType | UnionRef | VariantRef;

/** What fits one 64-bit word, and so travels as a scalar of a call. */
export type WordType = ScalarType | EnumRef | FlagsRef | BitsRef | StatusType | HandleRef;

export type ByteOrder = 'little' | 'big';

export type ScalarType = {
  readonly kind: 'scalar';
  readonly scalar: ScalarName;
  readonly size: number;
  readonly align: number;
};

/** Refers to an `EnumType`; repeats what a codec needs, so that nobody looks it up. */
export type EnumRef = {
  readonly kind: 'enum';
  readonly name: string;
  readonly base: IntegerName;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `FlagsType`: any union of its values. */
export type FlagsRef = {
  readonly kind: 'flags';
  readonly name: string;
  readonly base: UnsignedName;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `HandleType`: a number that names an object of the driver for one connection. */
export type HandleRef = {
  readonly kind: 'handle';
  readonly name: string;
  readonly base: HandleType['base'];
  readonly size: number;
  readonly align: number;
};

/** Refers to a `BitsType`: several fields in one integer. */
export type BitsRef = {
  readonly kind: 'bits';
  readonly name: string;
  readonly base: UnsignedName;
  readonly size: number;
  readonly align: number;
};

/** A kern_return_t as a value: the outcome of a part of a call that succeeded as a whole. */
export type StatusType = {
  readonly kind: 'status';
  readonly base: 'i32';
  readonly size: 4;
  readonly align: 4;
};

/** An integer of 16 bytes; the low word first unless the field is big-endian. */
export type WideType = {
  readonly kind: 'wide';
  readonly name: 'u128';
  readonly size: 16;
  readonly align: 8;
};

/** Text of at most `size` bytes in a field of `size` bytes, the rest zero. */
export type StringType = {
  readonly kind: 'string';
  readonly size: number;
  readonly align: 1;
  /** A NUL behind the text: always; unless the text fills the field; never, so that all bytes are text. */
  readonly terminated: 'required' | 'optional' | 'none';
  readonly encoding: 'utf8' | 'ascii';
};

export type StructRef = {
  readonly kind: 'struct';
  readonly name: string;
  readonly size: number;
  readonly align: number;
};

export type ArrayType = {
  readonly kind: 'array';
  readonly element: Type;
  readonly length: number;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `UnionType`. */
export type UnionRef = {
  readonly kind: 'union';
  readonly name: string;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `VariantType` whose cases all have fixed sizes, where it takes the room of the largest. */
export type VariantRef = {
  readonly kind: 'variant';
  readonly name: string;
  readonly size: number;
  readonly align: number;
};

/** Refers to a `RecordType`, or to a `VariantType` that takes exactly the size of its case. */
export type RecordRef = {
  readonly kind: 'record';
  readonly name: string;
  /** Bytes, least and most. */
  readonly min: number;
  readonly max: number;
  readonly align: number;
  /** It says itself where it ends; otherwise it goes on to the end of what it is in. */
  readonly delimited: boolean;
};

export type IntegerName = Exclude<ScalarName, 'f32' | 'f64' | 'bool'>;

export type UnsignedName = 'u8' | 'u16' | 'u32' | 'u64';

export type NamedType =
  | EnumType
  | FlagsType
  | BitsType
  | StructType
  | UnionType
  | VariantType
  | RecordType;

export type EnumType = {
  readonly kind: 'enum';
  readonly name: string;
  readonly base: IntegerName;
  readonly size: number;
  readonly doc: string;
  /** Since which version of the interface; empty from the first. Of all named types and fields. */
  readonly since: string;
  /** In schema order. `value` is exact (a decimal string when it does not fit a double). */
  readonly values: readonly EnumValue[];
  /** Runs of numbers that are values without a name of their own. */
  readonly ranges: readonly EnumRange[];
  /** Numbers that are never values, not even of an open enum; ascending, apart from each other. */
  readonly reserved: readonly NumberRange[];
  /** Numbers that no value has are let through. */
  readonly open: boolean;
};

export type EnumValue = {
  readonly name: string;
  readonly value: number | string;
  readonly doc: string;
  readonly since: string;
};

/** Inclusive. Integers beyond 2^53 are decimal strings. */
export type NumberRange = { readonly first: number | string; readonly last: number | string };

export type EnumRange = NumberRange & {
  readonly name: string;
  readonly doc: string;
  readonly since: string;
};

export type FlagsType = {
  readonly kind: 'flags';
  readonly name: string;
  readonly base: UnsignedName;
  readonly size: number;
  readonly doc: string;
  readonly since: string;
  /** Single bits and unions of them, in schema order. */
  readonly values: readonly EnumValue[];
  /** Every bit that a value may have; for an open set all but the reserved ones. */
  readonly mask: number | string;
  /** Bits that no value may have. */
  readonly reserved: number | string;
  /** Bits that no value has are let through. */
  readonly open: boolean;
  /** A 64-bit set that is a `number` in TypeScript: bits from 53 on are refused. */
  readonly safe: boolean;
};

export type BitsType = {
  readonly kind: 'bits';
  readonly name: string;
  readonly base: UnsignedName;
  readonly size: number;
  readonly doc: string;
  readonly since: string;
  /** By place, the least significant first. */
  readonly fields: readonly BitField[];
  /** Bits of all fields together; the others are zero. */
  readonly mask: number | string;
  /** Bits that no field has are let through, and zero when the client writes. */
  readonly open: boolean;
};

export type BitField = {
  readonly name: string;
  /** Of its least significant bit. */
  readonly at: number;
  readonly width: number;
  /** An integer of at least `width` bits, cut to it; or what has such a base. */
  readonly type: ScalarType | EnumRef | FlagsRef;
  readonly doc: string;
  readonly unit: string;
  readonly since: string;
  readonly range: Range | null;
  readonly rules: ValueRules | null;
};

export type StructType = {
  readonly kind: 'struct';
  readonly name: string;
  readonly size: number;
  readonly align: number;
  readonly doc: string;
  readonly since: string;
  /** `packed`: fields follow each other without regard to alignment. */
  readonly layout: 'natural' | 'packed';
  readonly fields: readonly Field[];
  /** Bytes no field covers; they go out as zero. */
  readonly padding: readonly { readonly offset: number; readonly size: number }[];
};

/** Members that share their bytes; which of them is meant, no byte says. */
export type UnionType = {
  readonly kind: 'union';
  readonly name: string;
  readonly size: number;
  readonly align: number;
  readonly doc: string;
  readonly since: string;
  /** Each at offset 0. */
  readonly members: readonly {
    readonly name: string;
    readonly type: Type;
    readonly doc: string;
    readonly since: string;
  }[];
};

/** One of several shapes, told apart by a number that all of them have in one place. */
export type VariantType = {
  readonly kind: 'variant';
  readonly name: string;
  /** Of the largest case, in natural layout rounded up to `align`; what stands in a struct. */
  readonly size: number;
  readonly align: number;
  readonly doc: string;
  readonly since: string;
  /** Takes the size of its case wherever it stands; otherwise only as the whole struct of a call. */
  readonly exact: boolean;
  /** Bytes, least and most, of its cases. */
  readonly min: number;
  readonly max: number;
  readonly delimited: boolean;
  /** `field`: the number is a field of every case. Null: it stands before them. */
  readonly field: string | null;
  readonly tag: {
    readonly type: ScalarType | EnumRef;
    readonly offset: number;
    readonly byteOrder: ByteOrder;
  };
  /** Where the cases begin; 0 when the number is one of their fields. */
  readonly bodyOffset: number;
  readonly cases: readonly VariantCase[];
};

export type VariantCase = {
  readonly name: string;
  readonly doc: string;
  readonly since: string;
  /** Null for a case that is nothing but its number. */
  readonly type: StructRef | RecordRef | null;
  /** Inclusive; a single number has both equal. Empty: every number that no other case has. */
  readonly tags: readonly NumberRange[];
};

/** A struct whose size varies: parts behind each other, each at the next multiple of its alignment. */
export type RecordType = {
  readonly kind: 'record';
  readonly name: string;
  /** Bytes, least and most. */
  readonly min: number;
  readonly max: number;
  /** The schema limits the whole further than its parts do; `max` is that limit. */
  readonly capped: boolean;
  /** `packed`: nothing is aligned. */
  readonly layout: 'natural' | 'packed';
  readonly align: number;
  readonly delimited: boolean;
  readonly doc: string;
  readonly since: string;
  readonly parts: readonly RecordPart[];
};

export type RecordPart = FixedPart | ArrayPart | TextPart | NestedPart;

/** The fields between two variable members, as a struct of their own. */
export type FixedPart = {
  readonly kind: 'fixed';
  readonly struct: StructRef;
  /** Bytes up to the end of the last field: what follows may begin in the tail padding of the struct. */
  readonly extent: number;
};

export type ArrayPart = {
  readonly kind: 'array';
  readonly name: string;
  readonly doc: string;
  readonly since: string;
  readonly unit: string;
  readonly element: Type | RecordRef;
  /** Of elements that are numbers. */
  readonly byteOrder: ByteOrder;
  /** Null: the elements go on to the end. */
  readonly count: CountRef | null;
  /** Elements. */
  readonly min: number;
  readonly max: number;
};

export type TextPart = {
  readonly kind: 'text';
  readonly name: string;
  readonly doc: string;
  readonly since: string;
  readonly text: TextRules;
  readonly count: CountRef | null;
  /** Bytes. */
  readonly min: number;
  readonly max: number;
};

/** Another record, once. */
export type NestedPart = {
  readonly kind: 'record';
  readonly name: string;
  readonly doc: string;
  readonly since: string;
  readonly type: RecordRef;
};

export type TextRules = {
  readonly encoding: 'utf8' | 'ascii';
  /** `required`: ends with a NUL, which counts among the bytes. `none`: has none. */
  readonly terminated: 'required' | 'optional' | 'none';
};

/** A field of an earlier part that counts: `field * times + plus` elements follow. */
export type CountRef = {
  /** Index of the part, and the names that lead to the field in it. */
  readonly part: number;
  readonly path: readonly string[];
  /** Of the field in its part. */
  readonly offset: number;
  readonly scalar: IntegerName;
  readonly byteOrder: ByteOrder;
  readonly times: number;
  readonly plus: number;
};

export type Field = {
  readonly name: string;
  readonly type: Type;
  readonly offset: number;
  readonly size: number;
  readonly doc: string;
  readonly unit: string;
  readonly since: string;
  /** Of the numbers in it; a struct in it has its own. */
  readonly byteOrder: ByteOrder;
  /** Of the value, or of each element. */
  readonly range: Range | null;
  readonly rules: ValueRules | null;
};

/** Inclusive bounds of a numeric value. Integers beyond 2^53 are decimal strings. */
export type Range = {
  readonly min: number | string | null;
  readonly max: number | string | null;
};

/** What narrows a value besides its range, and what a client need not say. */
export type ValueRules = {
  readonly multipleOf: number | string | null;
  /** Bits that the value may have. */
  readonly mask: number | string | null;
  /** Always this value: a number, a boolean, the name of an enum's value, or the text of a string. */
  readonly const: Literal | null;
  /** What the client writes when it is not told; spelt like `const`. */
  readonly default: Literal | null;
  /** A 64-bit integer that is a `number` in TypeScript, since both sides refuse what a double would round. */
  readonly safe: boolean;
};

export type Literal = number | string | boolean;

export type Method = {
  readonly name: string;
  /** Name of the user client that it is called on. */
  readonly client: string;
  readonly selector: number;
  readonly doc: string;
  /** `async`: a completion can be passed, and the outputs arrive in its words. */
  readonly kind: 'sync' | 'async';
  /**
   * `optional`: without one the outputs are those of the call. `ignored`: one may come with the call, which answers
   * by itself all the same.
   */
  readonly completion: 'none' | 'required' | 'optional' | 'ignored';
  /** The completion of an async method; null for others. */
  readonly answer: CompletionAnswer | null;
  /** What an async call itself answers, when the driver has accepted it. */
  readonly accepted: Payload;
  /** How long the client waits for the completion of an async method; null is for ever. */
  readonly timeoutMs: number | null;
  readonly input: Payload;
  /** For an async method the scalars are words of the completion, behind its two header words. */
  readonly output: Payload;
  readonly errors: readonly DeclaredError[];
  /** The property this method sets, if it is a setter. */
  readonly setterOf: string | null;
  readonly guards: Guards;
  /** Why the dispatch checks nothing and hands the call over as it came; null for a method that it checks. */
  readonly unchecked: string | null;
};

/** What must hold before a call reaches the driver's code, besides its arguments. */
export type Guards = {
  /** An entitlement that the app must have, with any value but false. */
  readonly entitlement: string | null;
  /** Calls in flight per connection, of an asynchronous method; null: as many as the connection may have in all. */
  readonly pending: number | null;
  /** Of each machine that matters, the states in which the call is legal. */
  readonly when: readonly { readonly machine: string; readonly states: readonly StateName[] }[];
  /** Where a call that succeeds leads. */
  readonly leadsTo: readonly { readonly machine: string; readonly state: StateName }[];
  /** What a call in another state fails with; null: kIOReturnNotReady. */
  readonly stateError: DeclaredError | null;
  /** Roles that a successful call takes, that it needs, that it gives back. */
  readonly claims: string | null;
  readonly requires: string | null;
  readonly releases: string | null;
  /** What a call without the role fails with; null: kIOReturnExclusiveAccess or kIOReturnNotPermitted. */
  readonly roleError: DeclaredError | null;
};

/** `index` is its place in its machine. */
export type StateName = { readonly name: string; readonly index: number };

/** A set of states of which one holds, for each connection or for the driver. */
export type StateMachine = {
  readonly name: string;
  readonly scope: 'connection' | 'driver';
  readonly doc: string;
  /** The first is the initial one. */
  readonly states: readonly string[];
};

/** What one connection at a time can have. */
export type Role = { readonly name: string; readonly doc: string };

export type HandleType = {
  readonly name: string;
  /** u64: generation << 32 | index + 1; u32: generation << 16 | index + 1. 0 is never a handle. */
  readonly base: 'u32' | 'u64';
  /** Of one connection. */
  readonly max: number;
  readonly doc: string;
};

export type CompletionAnswer = {
  /** `header`: two words of ours, then the outputs. `raw`: the outputs alone. */
  readonly layout: 'header' | 'raw';
  /** Of every completion of the method. The struct of the outputs lies behind their scalars. */
  readonly words: number;
};

export type DeclaredError = {
  readonly name: string;
  /** Vendor code, from 1; null for a code of the platform or of somebody else. */
  readonly code: number | null;
  /** The kern_return_t as an unsigned number; iokit_vendor_specific_err(code) of a vendor code (contract §11.1). */
  readonly value: number;
  readonly doc: string;
};

/** How one direction of a call travels. */
export type Payload = {
  /** Named scalars in order; `index` is their first place in scalarInput or scalarOutput. */
  readonly scalars: readonly ScalarSlot[];
  /** Scalars in all: the words of `scalars`, and the length of a struct that reports it. */
  readonly count: number;
  /** Numbers of scalars that a call may have, ascending; the last may be above `count`, and what is above is ignored. */
  readonly counts: readonly CountRange[];
  readonly struct: StructCarrier | null;
};

export type CountRange = { readonly first: number; readonly last: number };

export type ScalarSlot = WordSlot | SpanSlot | MemorySlot;

type SlotFacts = {
  readonly name: string;
  readonly index: number;
  readonly doc: string;
  readonly unit: string;
  readonly since: string;
  readonly range: Range | null;
  /** `rules.default` stands for an input that is left out. */
  readonly rules: ValueRules | null;
  /** A caller may leave it out, with all behind it. */
  readonly optional: boolean;
};

/** A value in a scalar of its own. */
export type WordSlot = SlotFacts & {
  readonly packing: 'word';
  readonly words: 1;
  readonly type: WordType;
  /** What the call does with a handle; null for everything else. */
  readonly handle: 'uses' | 'creates' | 'closes' | null;
};

/**
 * A value over several scalars. bytes: its bytes fill the words in order. each: an element of an array per word.
 * low-high, high-low: two halves of an integer or a float, each at the lower end of its word.
 */
/** A range of the app's own memory: its address and its length, in bytes that `range` limits (contract §1.10). */
export type MemorySlot = SlotFacts & {
  readonly packing: 'memory';
  /** One where the length is always the same, and only the address travels. */
  readonly words: 1 | 2;
  /** Of each word. */
  readonly type: ScalarType;
  /** What the driver may do. */
  readonly access: 'read-only' | 'write-only' | 'read-write';
  readonly order: 'address-length' | 'length-address';
};

export type SpanSlot = SlotFacts & {
  readonly packing: 'bytes' | 'each' | 'low-high' | 'high-low';
  readonly words: number;
  readonly type: Type;
};

export type StructCarrier = FixedCarrier | BytesCarrier | TextCarrier | VariableCarrier;

/** How a struct travels, and whether the schema asked for it. `either`: the app chooses by the actual size. */
export type Transfer = 'inline' | 'descriptor' | 'either';

/** One struct of exactly `type.size` bytes. */
export type FixedCarrier = {
  readonly kind: 'fixed';
  readonly name: string;
  readonly type: StructRef | UnionRef;
  readonly transfer: 'inline' | 'descriptor';
  readonly doc: string;
};

/** A run of bytes whose length varies from call to call. */
export type BytesCarrier = Variable & {
  readonly kind: 'bytes';
  /** The hook gets the app's own memory as a descriptor: nothing is copied, and nothing is checked. */
  readonly direct: boolean;
};

/** A text whose length varies from call to call. */
export type TextCarrier = Variable & { readonly kind: 'text'; readonly text: TextRules };

/** A record, or one case of a variant, in its actual size. */
export type VariableCarrier = Variable & {
  readonly kind: 'variable';
  readonly type: RecordRef | VariantRef;
  /** `max` is less than what the members could take. */
  readonly capped: boolean;
};

type Variable = {
  readonly name: string;
  /** Bytes. */
  readonly min: number;
  readonly max: number;
  readonly transfer: Transfer;
  /** The schema asked for this transfer. */
  readonly transferDeclared: boolean;
  /**
   * scalarOutput index that carries the true length of an output, which the platform does not tell above 4096 bytes
   * (contract §1.6); null where it is not needed, or where a legacy interface does not say it.
   */
  readonly lengthScalar: number | null;
  /** Name of that scalar in the schema; empty when dextgen added it. It is not among `scalars`. */
  readonly lengthName: string;
  /** Type of that scalar. */
  readonly lengthType: IntegerName;
  readonly doc: string;
};

export type Event = {
  readonly name: string;
  /** Name of the user client that follows it. */
  readonly client: string;
  /** From 1; never 0. */
  readonly id: number;
  readonly doc: string;
  readonly payload: StructRef;
  readonly delivery: RingDelivery | CompletionDelivery;
};

export type Overflow = 'drop-oldest' | 'drop-newest';

export type RingDelivery = {
  readonly kind: 'ring';
  /** Records; a power of two. */
  readonly capacity: number;
  readonly overflow: Overflow;
  readonly recordSize: number;
  /** CopyClientMemoryForType type of the ring (read-only) and of the control page (read-write). */
  readonly ringMemoryType: number;
  readonly controlMemoryType: number;
};

export type CompletionDelivery = {
  readonly kind: 'completion';
  /** Words of every completion: two of header, then the payload laid out as its struct; at least 3, at most 16. */
  readonly words: number;
  readonly overflow: Overflow;
  /** Unacknowledged completions per subscription before the overflow policy applies. */
  readonly inFlight: number;
};

/**
 * An asynchronous call whose completion carries events: many times (`standing`), or once before the app calls again
 * (`rearmed`). Its selectors belong to the interface, so that one which exists can be described as it is.
 */
export type Subscription = {
  /** That of its first event. */
  readonly name: string;
  /** Name of the user client that it is called on. */
  readonly client: string;
  readonly delivery: 'standing' | 'rearmed';
  /** `subscribeTask`, as a method: its arguments travel as those of any call, its outputs are the call's own. */
  readonly call: Method;
  /** The driver is asked first: the call has arguments or declared errors. */
  readonly hook: boolean;
  /** `null`: the same selector without a completion. `none`: only the end of the connection ends it. */
  readonly unsubscribe:
    | { readonly kind: 'null' | 'none' }
    | { readonly kind: 'selector'; readonly call: Method };
  /** `header`: two words of ours, then the payload. `raw`: the payload alone. */
  readonly layout: 'header' | 'raw';
  /** Words of the completion that ends it: those of its events, or the fewest of a varying number. */
  readonly endWords: number;
  /** Payloads that wait while the app sends a re-armed completion anew; 0 for a standing one. */
  readonly queue: number;
  /** Which payload is lost when more would wait: in the driver, or of a standing one in the client. */
  readonly overflow: Overflow;
  /** By id. */
  readonly events: readonly SubscriptionEvent[];
};

export type SubscriptionEvent = {
  readonly name: string;
  readonly id: number;
  readonly doc: string;
  /** Laid over the words behind the header or behind word 0; null for an event that is nothing but its words. */
  readonly payload: StructRef | null;
  /** What the first word says in a raw layout that several events share; a decimal string beyond 2^53. */
  readonly word0: number | string | null;
  /** Equal unless their number varies. */
  readonly words: { readonly min: number; readonly max: number };
};

/** A queue of the driver that the app empties with calls. */
export type PolledEvent = {
  readonly name: string;
  /** Name of the user client whose method it is. */
  readonly client: string;
  readonly id: number;
  readonly doc: string;
  /** What fetches: a synchronous method without inputs that have no default. */
  readonly method: string;
  /** How an answer says that nothing is there: by an error, by outputs that have these values, or not at all. */
  readonly empty:
    | { readonly kind: 'never' }
    | { readonly kind: 'error'; readonly error: string }
    | {
        readonly kind: 'values';
        readonly values: readonly { readonly name: string; readonly value: Literal }[];
      };
  /** Between two calls, once nothing was there; between any two where every answer is an item. */
  readonly intervalMs: number;
};

export type Buffer = {
  readonly name: string;
  /** Name of the user client that maps it. */
  readonly client: string;
  /** What an app maps it by; of a computed type the part that is always the same. */
  readonly memoryType: number;
  /** What an app adds to it, each in bits of its own; none for a fixed type. */
  readonly parts: readonly BitField[];
  /** It is mapped by every type that no other buffer of the user client has. */
  readonly anyType: boolean;
  /** Bytes; at most, unless the sizing is exact. */
  readonly size: number;
  /** exact: always `size`. part: what the app says in a part of the type, times the unit. supplied: what the driver has. */
  readonly sizing:
    | { readonly kind: 'exact' }
    | { readonly kind: 'part'; readonly part: string; readonly unit: number }
    | { readonly kind: 'supplied' };
  /** generated: allocated by generated code. driver: a hook supplies it. bar: memory of the PCI device. */
  readonly source:
    | { readonly kind: 'generated' }
    | { readonly kind: 'driver' }
    | { readonly kind: 'bar'; readonly index: number };
  /** Whole pages; else an app sees the bytes that the schema says, and no more (contract §2.1). */
  readonly wholePages: boolean;
  readonly access: 'read-only' | 'read-write';
  /** How the app's processor sees it: bits that the app asks for when it maps (contract §2.1). */
  readonly cache: CacheMode;
  /** One descriptor for all clients of the driver, rather than one per connection. */
  readonly shared: boolean;
  readonly doc: string;
  /** What lies in it, in the order of memory; empty when nothing is said. */
  readonly sections: readonly Section[];
};

export type CacheMode = 'default' | 'inhibit' | 'write-through' | 'copyback' | 'write-combine';

export type Section = Field & {
  /** Who writes it; the other side only reads. */
  readonly owner: 'driver' | 'app' | 'both';
  /** A word that is read and written whole, and in order with what is around it (contract §2.6). */
  readonly atomic: boolean;
  /** An array that goes on to the end of the buffer. */
  readonly open: boolean;
};

export type Property = {
  /** Registry key. */
  readonly name: string;
  /** Name of the driver whose service has it. */
  readonly driver: string;
  readonly type: ScalarType;
  readonly default: number | boolean | string;
  readonly range: Range | null;
  readonly doc: string;
  readonly unit: string;
  /** Name of the method that sets it, or null. */
  readonly setter: string | null;
};
