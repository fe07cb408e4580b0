// What fmt is given and what comes out, behind the header of a schema.

export const samples: Readonly<Record<string, readonly [string, string]>> = {
  'keys in order, names as they stand': [
    `methods:
  b: { out: { y: u8 }, selector: 2, in: { z: u8, a: u8 } }
  a: { selector: 1 }
types: { B: { values: { two: 2, one: 1 }, enum: u8 } }
`,
    `
types:
  B: { enum: u8, values: { two: 2, one: 1 } }

methods:
  b: { selector: 2, in: { z: u8, a: u8 }, out: { y: u8 } }
  a: { selector: 1 }
`,
  ],
  'comments above, behind, at the end, and between sections': [
    `# about methods
methods: # all of them
  # about a
  # in two lines

  # and a third
  a: { selector: 1 }   # behind a
  b:
    selector: 2 # behind the selector
    # at the end of b
  # at the end of methods
# about retired
retired: [4] # behind retired
# at the end
`,
    `
# about methods
methods: # all of them
  # about a
  # in two lines

  # and a third
  a: { selector: 1 } # behind a
  b:
    selector: 2 # behind the selector
    # at the end of b
  # at the end of methods
# about retired
retired: [4] # behind retired
# at the end
`,
  ],
  'comments in braces spread them': [
    `methods: { a: { selector: 1, # one
  in: { x: u8 # eight bits
  } }, b: { selector: 2 }
  # last
  }
retired: [ 4, # gone
  5 ]
`,
    `
methods:
  a:
    selector: 1 # one
    in:
      x: u8 # eight bits
  b: { selector: 2 }
  # last

retired:
  - 4 # gone
  - 5
`,
  ],
  'numbers and quotes as they are spelt': [
    'methods: { a: { "selector": 0x00A0, in: { v: { type: \'u32\', max: 0xFFff } } } }\n',
    `
methods:
  a: { "selector": 0x00A0, in: { v: { type: 'u32', max: 0xFFff } } }
`,
  ],
  'what needs quotes in braces gets them': [
    `properties:
  Gain:
    type: u32
    doc: Amplification, in steps [of 3 dB], as the "manual" says
`,
    `
properties:
  Gain: { type: u32, doc: "Amplification, in steps [of 3 dB], as the \\"manual\\" says" }
`,
  ],
  'text of several lines': [
    `methods:
  a:
      selector: 1
      doc: |
            First.
              Indented.

            # no comment
  b:
      selector: 2
      doc: >- # folded
          Folded
          text.
  c:
      doc: plain text
        in two lines # behind
      selector: 3
  d: { selector: 4, doc: "quoted \\
      text  in\\ 
      three lines" }
  e:
      selector: 5
      doc: |+
          kept

  f: { selector: 6 }
`,
    `
methods:
  a:
    doc: |
      First.
        Indented.

      # no comment
    selector: 1
  b:
    doc: >- # folded
      Folded
      text.
    selector: 2
  c:
    doc: plain text
      in two lines # behind
    selector: 3
  d:
    doc: "quoted \\
      text  in\\ 
      three lines"
    selector: 4
  e:
    doc: |+
      kept

    selector: 5
  f: { selector: 6 }
`,
  ],
  'anchors stay before their aliases': [
    `methods:
  a: { selector: 1, in: &both { x: u8 } }
  b: { out: *both, selector: 2 }
  c: { <<: { selector: 3 }, errors: &e [busy] }
  d:
    # merged
    errors: *e
    selector: 4
`,
    `
methods:
  a: { selector: 1, in: &both { x: u8 } }
  b: { out: *both, selector: 2 }
  c: { <<: { selector: 3 }, errors: &e [busy] }
  d:
    # merged
    errors: *e
    selector: 4
`,
  ],
  'blank lines: one where there were several, none at the beginning': [
    `methods:

  a: { selector: 1 }



  b:

    selector: 2

    doc: B.
`,
    `
methods:
  a: { selector: 1 }

  b:

    doc: B.
    selector: 2
`.replace('  b:\n\n', '  b:\n'),
  ],
  'long lines spread': [
    `properties:
  Gain: { type: u32, doc: Amplification of the input in front of the converter at the time of the last sample, min: 1, max: 20, default: 1 }
`,
    `
properties:
  Gain:
    type: u32
    min: 1
    max: 20
    default: 1
    doc: Amplification of the input in front of the converter at the time of the last sample
`,
  ],
  'nothing behind a key': [
    'methods:\n  a: { selector: 1, in: {}, out: }\nevents:\n',
    '\nmethods:\n  a: { selector: 1, in: {}, out: null }\nevents:\n',
  ],
};
