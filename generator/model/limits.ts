// The platform's numbers (contract §0.2) and dextgen's own bounds.

/** Scalars in each direction of a call. */
export const MAX_SCALARS = 16;
/** Bytes of a struct that travel inline; more travel as a memory descriptor (contract §0.3). */
export const MAX_INLINE = 4096;
/** Words of a completion, two of which are the header. */
export const MAX_COMPLETION_WORDS = 16;
export const COMPLETION_HEADER_WORDS = 2;
/** Fewer words and the count picks another prototype of the app's callback (contract §7.6). */
export const MIN_COMPLETION_WORDS = 3;
export const MAX_PAYLOAD_WORDS = MAX_COMPLETION_WORDS - COMPLETION_HEADER_WORDS;

/** Bytes of one out-of-line payload: above this the 32-bit sizes of the call are at risk (contract §0.2). */
export const MAX_BYTES = 0x7fff_ffff;
export const MAX_STRUCT = 16 * 1024 * 1024;
export const MAX_NESTING = 32;
/** Runs of fixed fields in a record of varying size: the dext keeps the place of each while it walks. */
export const MAX_COUNT_PARTS = 16;

export const PAGE = 16_384;
export const MAX_BUFFER = 0x1_0000_0000;
export const MAX_RING = 0x4000_0000;
export const RING_HEADER = 256;

export const DEFAULT_CONTRACT_BASE = 0xde00_0000;
/** Selectors that the contract keeps, from its base. */
export const CONTRACT_SELECTORS = 0x100;
/** Memory types that the contract keeps, from its base: rings sit from base + RING_MEMORY on. */
export const CONTRACT_MEMORY = 0x2_0000;
export const RING_MEMORY = 0x1_0000;
export const MAX_EVENT_ID = 0x7fff;

/** iokit_vendor_specific_err(0), contract §11.1; a code has 14 bits. */
export const VENDOR_ERROR = 0xe3ff_8000;
export const MAX_VENDOR_CODE = 0x3fff;

export const DEFAULT_RING_CAPACITY = 1024;
export const DEFAULT_IN_FLIGHT = 64;
/** Payloads that wait for a completion that is being armed again. */
export const DEFAULT_QUEUE = 64;
export const MAX_QUEUE = 1024;

/** Connections of a driver at a time. */
export const DEFAULT_CLIENTS = 32;
export const MAX_MACHINES = 8;
export const MAX_STATES = 32;
export const MAX_ROLES = 8;
export const DEFAULT_HANDLES = 64;

/** What the kernel gives to root, and nobody signs with (contract §4.3). */
export const ADMINISTRATOR = 'com.apple.developer.driverkit.administrator';
