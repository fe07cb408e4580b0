// Interfaces of any size for the generator's figures: n methods, n / 10 structs and enums, the mix of a real schema.

function structText(index: number): string[] {
  return [
    `  Record${index}:`,
    `    doc: Record number ${index}.`,
    '    struct:',
    '      sequence: { type: u32, doc: Counts up. }',
    `      mode: Mode${index}`,
    '      flags: u16',
    '      timestamp: { type: u64, unit: ns }',
    '      samples: "f32[8]"',
    `  Mode${index}:`,
    '    enum: u8',
    '    values: { off: 0, slow: 1, fast: 2 }',
  ];
}

function methodText(index: number, structs: number): string[] {
  const type = index % structs;
  const shapes = [
    ['    in: { hz: { type: u32, min: 1, max: 2000000, unit: Hz } }', '    out: { actual: u32 }'],
    [`    in: { mode: Mode${type}, level: f32 }`],
    [`    in: { record: Record${type} }`, '    out: { accepted: bool }'],
    [`    out: { record: Record${type} }`],
    ['    in: { image: { type: bytes, max: 4096 } }', '    out: { checksum: u32 }'],
  ];
  return [
    `  command${index}:`,
    `    doc: Command number ${index}.`,
    `    selector: ${index + 1}`,
    ...(shapes[index % shapes.length] ?? []),
  ];
}

/** A schema named `Synthetic` with `methods` methods. */
export function syntheticSchema(methods: number): string {
  const structs = Math.max(1, Math.floor(methods / 10));
  const indices = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
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
    ...indices(structs).flatMap(structText),
    'methods:',
    ...indices(methods).flatMap((i) => methodText(i, structs)),
    '',
  ].join('\n');
}
