// The names of scalars, and the order of their bytes: what everything else is said in.

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

export type IntegerName = Exclude<ScalarName, 'f32' | 'f64' | 'bool'>;

export type UnsignedName = 'u8' | 'u16' | 'u32' | 'u64';

export type ByteOrder = 'little' | 'big';
