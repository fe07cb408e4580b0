// Signals, parities and property names of serial ports.
#ifndef SERIALDRIVERKIT_SERIALDRIVERKITTYPES_H
#define SERIALDRIVERKIT_SERIALDRIVERKITTYPES_H

// Bits of the lines; also of the argument of HwProgramFlowControl, where those are set that the
// flow is controlled with.
enum {
    PD_RS232_S_LE = 0x001,
    PD_RS232_S_DTR = 0x002,
    PD_RS232_S_RTS = 0x004,
    PD_RS232_S_TXO = 0x008, // XON/XOFF from the device holds the driver
    PD_RS232_S_RXO = 0x010, // the driver holds the device with XON/XOFF
    PD_RS232_S_CTS = 0x020,
    PD_RS232_S_DCD = 0x040,
    PD_RS232_S_RNG = 0x080,
    PD_RS232_S_DSR = 0x100,
};

enum {
    PD_RS232_PARITY_DEFAULT = 0,
    PD_RS232_PARITY_NONE = 1,
    PD_RS232_PARITY_ODD = 2,
    PD_RS232_PARITY_EVEN = 3,
    PD_RS232_PARITY_MARK = 4,
    PD_RS232_PARITY_SPACE = 5,
    PD_RS232_PARITY_ANY = 6,
};

// Together the name of the terminal: "cu.usbserial-42" of "usbserial-" and "42".
#define kIOTTYBaseNameKey "IOTTYBaseName"
#define kIOTTYSuffixKey "IOTTYSuffix"

#endif
