// A small interface for the tests of the client's runtime.
import type { Contract, EventInfo } from 'dextgen/client';

export const contract = {
  name: 'Meter',
  id: 'meter',
  service: 'MeterDriver',
  bundle: 'com.example.Meter.driver',
  major: 1,
  minor: 0,
  hashHigh: 0x0123456789abcdefn,
  hashLow: 0xfedcba9876543210n,
  base: 0xde000000,
  methods: [
    ['setRate', 1, 'hz: u32, level: f32, trim: i16'],
    ['configure', 2, '', 'settings', 'settings.gain: i32 @0+4, settings.taps: f64 @8+32'],
    ['run', 3, ''],
  ],
  errors: [[0xe3ff8001, 'overheated']],
} as const satisfies Contract;

export const reading: EventInfo = {
  name: 'reading',
  id: 1,
  size: 8,
  inFlight: 8,
  ring: { capacity: 16, dropsOldest: true },
};

export const alarm: EventInfo = { name: 'alarm', id: 2, size: 8, inFlight: 8, ring: null };
