// Interfaces of any size for the generator's figures: n methods, n structs, n / 10 enums and as many sets of flags, the mix
// of a real schema; and the same calls and messages as a protobuf service.

/** Structs that share one enum and one set of flags. */
const WORD_SHARE = 10;

const wordOf = (index: number): number => Math.floor(index / WORD_SHARE);

function structText(index: number): string[] {
  return [
    `  Record${index}:`,
    `    doc: Record number ${index}.`,
    '    struct:',
    '      sequence: { type: u32, doc: Counts up. }',
    `      mode: Mode${wordOf(index)}`,
    `      marks: Marks${wordOf(index)}`,
    '      gain: { type: i16, min: -60, max: 60, unit: dB }',
    '      timestamp: { type: u64, unit: ns }',
    '      samples: "f32[8]"',
  ];
}

function enumText(index: number): string[] {
  return [`  Mode${index}:`, '    enum: u8', '    values: { off: 0, slow: 1, fast: 2 }'];
}

function flagsText(index: number): string[] {
  return [`  Marks${index}:`, '    flags: u16', '    values: { valid: 1, clipped: 2, late: 4 }'];
}

function methodText(index: number): string[] {
  const shapes = [
    ['    in: { hz: { type: u32, min: 1, max: 2000000, unit: Hz } }', '    out: { actual: u32 }'],
    [`    in: { mode: Mode${wordOf(index)}, level: f32 }`],
    [`    in: { record: Record${index} }`, '    out: { accepted: bool }'],
    [`    out: { record: Record${index} }`],
    ['    in: { image: { type: bytes, max: 4096 } }', '    out: { checksum: u32 }'],
  ];
  return [
    `  command${index}:`,
    `    doc: Command number ${index}.`,
    `    selector: ${index + 1}`,
    ...(shapes[index % shapes.length] ?? []),
  ];
}

const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** A schema named `Synthetic` with as many methods as structs. */
export function syntheticSchema(methods: number): string {
  return [
    'dextgen: 1',
    'interface: Synthetic',
    'version: 1.0',
    'doc: A generated interface.',
    'bundle: { identifier: com.example.Synthetic.driver }',
    'driver:',
    '  class: SyntheticDriver',
    '  userClient: SyntheticUserClient',
    '  provider: IOUserResources',
    '  match: { IOResourceMatch: IOKit }',
    'types:',
    ...indices(methods).flatMap(structText),
    ...indices(Math.ceil(methods / WORD_SHARE)).flatMap((i) => [...enumText(i), ...flagsText(i)]),
    'methods:',
    ...indices(methods).flatMap(methodText),
    '',
  ].join('\n');
}

function messageText(index: number): string[] {
  return [
    `// Record number ${index}.`,
    `message Record${index} {`,
    '  // Counts up.',
    '  uint32 sequence = 1;',
    `  Mode${wordOf(index)} mode = 2;`,
    '  uint32 marks = 3;',
    '  sint32 gain = 4;',
    '  uint64 timestamp = 5;',
    '  repeated float samples = 6;',
    '}',
  ];
}

/** Scalars in and out are messages of their own in protobuf. */
function callText(index: number): string[] {
  const shapes = [
    ['uint32 hz = 1;', 'uint32 actual = 1;'],
    [`Mode${wordOf(index)} mode = 1; float level = 2;`, ''],
    [`Record${index} record = 1;`, 'bool accepted = 1;'],
    ['', `Record${index} record = 1;`],
    ['bytes image = 1;', 'uint32 checksum = 1;'],
  ];
  const [request, reply] = shapes[index % shapes.length] ?? ['', ''];
  return [
    `message Command${index}Request { ${request} }`,
    `message Command${index}Reply { ${reply} }`,
  ];
}

/** The same interface for protobuf. */
export function syntheticProto(methods: number): string {
  const modes = indices(Math.ceil(methods / WORD_SHARE)).map(
    (i) => `enum Mode${i} { MODE${i}_OFF = 0; MODE${i}_SLOW = 1; MODE${i}_FAST = 2; }`,
  );
  const calls = indices(methods).flatMap((i) => [
    `  // Command number ${i}.`,
    `  rpc Command${i}(Command${i}Request) returns (Command${i}Reply);`,
  ]);
  return [
    'syntax = "proto3";',
    'package synthetic.v1;',
    ...modes,
    ...indices(methods).flatMap(messageText),
    ...indices(methods).flatMap(callText),
    'service Synthetic {',
    ...calls,
    '}',
    '',
  ].join('\n');
}
