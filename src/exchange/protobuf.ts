import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

/** A field of a message as it is on the wire. */
export type Field =
  | { readonly wire: 'varint'; readonly value: bigint }
  | { readonly wire: 'bytes'; readonly value: Uint8Array }
  | { readonly wire: 'float'; readonly value: number };

/** The fields of a message, by number, in the order of the file. */
export type Message = ReadonlyMap<number, readonly Field[]>;

const fieldOf = (reader: BinaryReader, number: number, type: WireType): Field | null => {
  switch (type) {
    case WireType.Varint:
      return { wire: 'varint', value: BigInt(reader.int64()) };
    case WireType.LengthDelimited:
      return { wire: 'bytes', value: reader.bytes() };
    case WireType.Bit32:
      return { wire: 'float', value: reader.float() };
    default:
      reader.skip(type, number);
      return null;
  }
};

/**
 * Takes a message apart; what is inside its fields stays bytes.
 * @throws RangeError or Error where the bytes are no message
 */
export const messageOf = (bytes: Uint8Array): Message => {
  const reader = new BinaryReader(bytes);
  const fields = new Map<number, Field[]>();
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag();
    const field = fieldOf(reader, number, type);
    if (field === null) continue;
    const there = fields.get(number);
    if (there) there.push(field);
    else fields.set(number, [field]);
  }
  return fields;
};

/** All bytes of a repeated field: strings, messages. */
export const bytesOf = (message: Message, number: number): Uint8Array[] =>
  (message.get(number) ?? []).flatMap((field) => (field.wire === 'bytes' ? [field.value] : []));

export const textsOf = (message: Message, number: number): string[] =>
  bytesOf(message, number).map((bytes) => Buffer.from(bytes).toString('utf8'));

/** All integers of a repeated field, packed or not. */
export const integersOf = (message: Message, number: number): bigint[] =>
  (message.get(number) ?? []).flatMap((field) => {
    if (field.wire === 'varint') return [field.value];
    if (field.wire !== 'bytes') return [];
    const reader = new BinaryReader(field.value);
    const values: bigint[] = [];
    while (reader.pos < reader.len) values.push(BigInt(reader.int64()));
    return values;
  });

/** The last of a field that may come once. */
export const textOf = (message: Message, number: number): string => textsOf(message, number).at(-1) ?? '';

export const integerOf = (message: Message, number: number): number | undefined => {
  const value = integersOf(message, number).at(-1);
  return value === undefined ? undefined : Number(value);
};

export const floatOf = (message: Message, number: number): number | undefined => {
  const field = message.get(number)?.at(-1);
  return field?.wire === 'float' ? field.value : undefined;
};
