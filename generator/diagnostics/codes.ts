// Every diagnostic code there is. A code is never reused; docs/diagnostics.md explains each with a failing and a
// fixed example, and test/cases/ runs both.

/** Phases in which codes arise: reading text, its shape, names, types, methods, streams and memory, driver, imports. */
export type Phase =
  | 'source'
  | 'shape'
  | 'names'
  | 'types'
  | 'methods'
  | 'streams'
  | 'driver'
  | 'imports';

export const codes = [
  { code: 'DK101', phase: 'source', title: 'not valid YAML or JSON' },
  { code: 'DK102', phase: 'source', title: 'empty schema' },
  { code: 'DK103', phase: 'source', title: 'duplicate key' },
  { code: 'DK104', phase: 'source', title: 'key is not a word' },
  { code: 'DK105', phase: 'source', title: 'more than one document' },
  { code: 'DK106', phase: 'source', title: 'tag' },
  { code: 'DK107', phase: 'source', title: 'alias without an anchor before it' },
  { code: 'DK108', phase: 'source', title: 'nested too deeply or expands to too much' },
  { code: 'DK109', phase: 'source', title: 'merge of something that is no map' },

  { code: 'DK201', phase: 'shape', title: 'wrong kind of value' },
  { code: 'DK202', phase: 'shape', title: 'unknown key' },
  { code: 'DK203', phase: 'shape', title: 'missing key' },
  { code: 'DK204', phase: 'shape', title: 'value is not one of the allowed' },
  { code: 'DK205', phase: 'shape', title: 'key needs another key' },
  { code: 'DK206', phase: 'shape', title: 'version of the language' },
  { code: 'DK207', phase: 'shape', title: 'nothing in it' },
  { code: 'DK208', phase: 'shape', title: 'keys that exclude each other' },
  { code: 'DK209', phase: 'shape', title: 'malformed size or duration' },
  { code: 'DK210', phase: 'shape', title: 'number out of bounds' },

  { code: 'DK301', phase: 'names', title: 'names that clash after renaming' },
  { code: 'DK302', phase: 'names', title: 'reserved word' },
  { code: 'DK303', phase: 'names', title: 'not an identifier' },
  { code: 'DK304', phase: 'names', title: 'clash with a generated name' },
  { code: 'DK305', phase: 'names', title: 'private prefix' },

  { code: 'DK401', phase: 'types', title: 'unknown type' },
  { code: 'DK402', phase: 'types', title: 'struct that contains itself' },
  { code: 'DK403', phase: 'types', title: 'array length' },
  { code: 'DK404', phase: 'types', title: 'bytes inside a struct' },
  { code: 'DK405', phase: 'types', title: 'enum value out of range' },
  { code: 'DK406', phase: 'types', title: 'duplicate enum value' },
  { code: 'DK407', phase: 'types', title: 'min above max' },
  { code: 'DK408', phase: 'types', title: 'bound outside the type' },
  { code: 'DK409', phase: 'types', title: 'bounds on something that is no number' },
  { code: 'DK410', phase: 'types', title: 'type not allowed here' },
  { code: 'DK411', phase: 'types', title: 'malformed type' },
  { code: 'DK412', phase: 'types', title: 'struct that cannot be laid out' },

  { code: 'DK420', phase: 'types', title: 'unknown constant' },
  { code: 'DK421', phase: 'types', title: 'value of a constant' },
  { code: 'DK422', phase: 'types', title: 'malformed range of values' },
  { code: 'DK423', phase: 'types', title: 'numbers or bits that mean two things' },
  { code: 'DK424', phase: 'types', title: 'flag outside its set' },
  { code: 'DK425', phase: 'types', title: 'bit-field that does not fit' },
  { code: 'DK426', phase: 'types', title: 'type of a bit-field' },
  { code: 'DK427', phase: 'types', title: 'offset of a field' },
  { code: 'DK428', phase: 'types', title: 'size of a struct' },
  { code: 'DK429', phase: 'types', title: 'byte order of something without one' },
  { code: 'DK430', phase: 'types', title: 'multipleOf or mask' },
  { code: 'DK431', phase: 'types', title: 'constant or default that is no valid value' },
  { code: 'DK432', phase: 'types', title: 'safe on something else than 64 bits' },
  { code: 'DK433', phase: 'types', title: 'size of a string' },
  { code: 'DK434', phase: 'types', title: 'malformed since' },
  { code: 'DK435', phase: 'types', title: 'address as a value' },
  { code: 'DK436', phase: 'types', title: 'key that means nothing here' },

  { code: 'DK450', phase: 'types', title: 'count of what varies in size' },
  { code: 'DK451', phase: 'types', title: 'maximum of what varies in size' },
  { code: 'DK452', phase: 'types', title: 'member behind one that goes on to the end' },
  { code: 'DK453', phase: 'types', title: 'element that does not say where it ends' },
  { code: 'DK454', phase: 'types', title: 'size of a record' },
  { code: 'DK456', phase: 'types', title: 'case of a variant' },
  { code: 'DK457', phase: 'types', title: 'two cases with one number' },
  { code: 'DK458', phase: 'types', title: 'number of a case' },
  { code: 'DK460', phase: 'methods', title: 'transfer that cannot be' },
  { code: 'DK461', phase: 'methods', title: 'scalar for a length' },

  { code: 'DK501', phase: 'methods', title: 'duplicate selector' },
  { code: 'DK502', phase: 'methods', title: 'retired selector' },
  { code: 'DK503', phase: 'methods', title: 'selector in the contract range' },
  { code: 'DK504', phase: 'methods', title: 'too many scalars' },
  { code: 'DK505', phase: 'methods', title: 'two structs in one direction' },
  { code: 'DK506', phase: 'methods', title: 'output of an asynchronous method' },
  { code: 'DK507', phase: 'methods', title: 'too many completion words' },
  { code: 'DK508', phase: 'methods', title: 'bounds of bytes' },
  { code: 'DK509', phase: 'methods', title: 'undeclared error' },
  { code: 'DK510', phase: 'methods', title: 'duplicate error' },
  { code: 'DK511', phase: 'methods', title: 'malformed retired range' },
  { code: 'DK520', phase: 'methods', title: 'value behind one that may be left out' },
  { code: 'DK521', phase: 'methods', title: 'accepted count of scalars' },
  { code: 'DK523', phase: 'methods', title: 'value over several scalars' },
  { code: 'DK524', phase: 'methods', title: 'key that only arguments have' },
  { code: 'DK525', phase: 'methods', title: 'state machine' },
  { code: 'DK526', phase: 'methods', title: 'state of a method' },
  { code: 'DK527', phase: 'methods', title: 'role' },
  { code: 'DK528', phase: 'methods', title: 'malformed entitlement' },
  { code: 'DK529', phase: 'methods', title: 'handle where none can be' },
  { code: 'DK530', phase: 'methods', title: 'unchecked method' },
  { code: 'DK531', phase: 'methods', title: 'number of an error' },
  { code: 'DK532', phase: 'methods', title: 'selector that says more than one thing' },
  { code: 'DK561', phase: 'methods', title: 'words of a completion' },

  { code: 'DK601', phase: 'streams', title: 'duplicate event id' },
  { code: 'DK602', phase: 'streams', title: 'ring capacity' },
  { code: 'DK603', phase: 'streams', title: 'ring too large' },
  { code: 'DK604', phase: 'streams', title: 'key of the other delivery' },
  { code: 'DK605', phase: 'streams', title: 'event without contract selectors' },
  { code: 'DK606', phase: 'streams', title: 'duplicate memory type' },
  { code: 'DK607', phase: 'streams', title: 'memory type in the contract range' },
  { code: 'DK608', phase: 'streams', title: 'buffer size' },
  { code: 'DK609', phase: 'streams', title: 'layout larger than its buffer' },
  { code: 'DK610', phase: 'streams', title: 'buffer layout' },
  { code: 'DK611', phase: 'streams', title: 'property type' },
  { code: 'DK612', phase: 'streams', title: 'default outside the range' },
  { code: 'DK613', phase: 'streams', title: 'property hides a personality key' },
  { code: 'DK620', phase: 'streams', title: 'standing event that nothing acknowledges' },
  { code: 'DK621', phase: 'streams', title: 'subscription to share' },
  { code: 'DK622', phase: 'streams', title: 'events that nothing tells apart' },
  { code: 'DK623', phase: 'streams', title: 'words that pick two prototypes' },
  { code: 'DK625', phase: 'streams', title: 'argument of a subscription' },
  { code: 'DK626', phase: 'streams', title: 'method to poll' },
  { code: 'DK627', phase: 'streams', title: 'method that cannot be polled' },
  { code: 'DK628', phase: 'streams', title: 'empty answer' },

  { code: 'DK701', phase: 'driver', title: 'bundle identifier' },
  { code: 'DK702', phase: 'driver', title: 'interface version' },
  { code: 'DK703', phase: 'driver', title: 'unknown action' },
  { code: 'DK704', phase: 'driver', title: 'kind of a matching value' },
  { code: 'DK705', phase: 'driver', title: 'matching key that dextgen writes' },
  { code: 'DK706', phase: 'driver', title: 'provider that no dext may match' },
  { code: 'DK710', phase: 'driver', title: 'unknown user client' },
  { code: 'DK711', phase: 'driver', title: 'user clients of one open type' },
  { code: 'DK712', phase: 'driver', title: 'unknown base class' },
  { code: 'DK713', phase: 'driver', title: 'no value of a property list' },
  { code: 'DK714', phase: 'driver', title: 'malformed PCI match' },
  { code: 'DK715', phase: 'driver', title: 'key of a dictionary that is taken' },
  { code: 'DK716', phase: 'driver', title: 'class of two kinds of objects' },
  { code: 'DK717', phase: 'driver', title: 'nothing that an app could open' },
  { code: 'DK718', phase: 'driver', title: 'unknown driver' },

  { code: 'DK801', phase: 'imports', title: 'imported file that cannot be read' },
  { code: 'DK802', phase: 'imports', title: 'files that import each other' },
  { code: 'DK803', phase: 'imports', title: 'type declared in two files' },
  { code: 'DK804', phase: 'imports', title: 'import of more than types' },
  { code: 'DK805', phase: 'imports', title: 'path of an import' },
] as const satisfies readonly {
  readonly code: `DK${number}`;
  readonly phase: Phase;
  readonly title: string;
}[];

export type Code = (typeof codes)[number]['code'];
