// See format.h.
#include "format.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <vector>

namespace dextsim::cf {

namespace {

enum class Kind { None, Int, Long, LongLong, Double, LongDouble, Pointer };

struct Argument {
    Kind kind = Kind::None;
    uint64_t bits = 0; // sign-extended where the conversion is signed
    long double real = 0;
    const void * pointer = nullptr;
};

constexpr size_t kNoArgument = SIZE_MAX;

struct Piece {
    std::string literal; // before the conversion
    std::string flags;
    std::string width; // digits, or * with its argument
    std::string precision;
    size_t widthArgument = kNoArgument;
    size_t precisionArgument = kNoArgument;
    std::string length;
    char letter = 0; // 0: the end
    size_t argument = kNoArgument;
};

class Parser {
  public:
    explicit Parser(const char * format) : at_(format) {}

    std::vector<Piece> pieces() {
        std::vector<Piece> found;
        do {
            found.push_back(next());
        } while (found.back().letter != 0);
        return found;
    }

  private:
    std::string take(const char * of) {
        const size_t count = strspn(at_, of);
        std::string taken(at_, count);
        at_ += count;
        return taken;
    }

    // The n of n$, or whichever comes next.
    size_t argument() {
        const size_t digits = strspn(at_, "0123456789");
        if (digits == 0 || at_[digits] != '$') {
            return next_++;
        }
        const size_t number = std::stoul(std::string(at_, digits));
        at_ += digits + 1;
        return number == 0 ? 0 : number - 1;
    }

    std::string measure(size_t & from) {
        if (*at_ != '*') {
            return take("0123456789");
        }
        ++at_;
        from = argument();
        return "*";
    }

    Piece next() {
        Piece piece;
        for (; *at_ != 0; ++at_) {
            if (*at_ != '%') {
                piece.literal += *at_;
            } else if (at_[1] == '%') {
                piece.literal += *at_++;
            } else {
                break;
            }
        }
        if (*at_ == 0 || *++at_ == 0) {
            return piece;
        }
        if (const char * end = *at_ == '{' ? strchr(at_, '}') : nullptr) {
            at_ = end + 1;
        }
        const size_t digits = strspn(at_, "0123456789");
        const bool isPositional = digits != 0 && at_[digits] == '$';
        const size_t position = isPositional ? argument() : kNoArgument;
        piece.flags = take("-+ #0'");
        piece.width = measure(piece.widthArgument);
        if (*at_ == '.') {
            ++at_;
            piece.precision = "." + measure(piece.precisionArgument);
        }
        piece.length = take("hlqjztL");
        piece.letter = *at_ == 0 ? '\0' : *at_++;
        const bool takes = piece.letter != 0 && piece.letter != 'm';
        piece.argument = !takes ? kNoArgument : isPositional ? position : next_++;
        return piece;
    }

    const char * at_;
    size_t next_ = 0;
};

bool isReal(char letter) {
    return strchr("aAeEfFgG", letter) != nullptr;
}

Kind kindOf(const Piece & piece) {
    if (strchr("@sSpPn", piece.letter) != nullptr) {
        return Kind::Pointer;
    }
    if (isReal(piece.letter)) {
        return piece.length == "L" ? Kind::LongDouble : Kind::Double;
    }
    const std::string & length = piece.length;
    if (length == "ll" || length == "q" || length == "j") {
        return Kind::LongLong;
    }
    return length == "l" || length == "z" || length == "t" ? Kind::Long : Kind::Int;
}

void want(std::vector<Argument> & arguments, size_t index, Kind kind) {
    constexpr size_t kMost = 64;
    if (index >= kMost) {
        return;
    }
    if (index >= arguments.size()) {
        arguments.resize(index + 1);
    }
    arguments[index].kind = kind;
}

// In the order in which they were passed, whatever order the format uses them in.
std::vector<Argument> fetch(const std::vector<Piece> & pieces, va_list list) {
    std::vector<Argument> arguments;
    for (const Piece & piece : pieces) {
        want(arguments, piece.widthArgument, Kind::Int);
        want(arguments, piece.precisionArgument, Kind::Int);
        want(arguments, piece.argument, kindOf(piece));
    }
    for (Argument & argument : arguments) {
        switch (argument.kind) {
        case Kind::None: // a gap in the numbering: as wide as an int
        case Kind::Int:
            argument.bits = static_cast<uint64_t>(int64_t{va_arg(list, int)});
            break;
        case Kind::Long:
            argument.bits = static_cast<uint64_t>(int64_t{va_arg(list, long)});
            break;
        case Kind::LongLong:
            argument.bits = static_cast<uint64_t>(va_arg(list, long long));
            break;
        case Kind::Double:
            argument.real = static_cast<long double>(va_arg(list, double));
            break;
        case Kind::LongDouble:
            argument.real = va_arg(list, long double);
            break;
        case Kind::Pointer:
            argument.pointer = va_arg(list, const void *);
            break;
        }
    }
    return arguments;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
template <typename T> std::string print(const std::string & format, T value) {
    const int size = snprintf(nullptr, 0, format.c_str(), value);
    std::string text(static_cast<size_t>(size < 0 ? 0 : size) + 1, '\0');
    snprintf(text.data(), text.size(), format.c_str(), value);
    text.pop_back();
    return text;
}
#pragma GCC diagnostic pop

// An integer as wide as its conversion says.
uint64_t narrowed(const Piece & piece, uint64_t bits) {
    const bool isSigned = piece.letter == 'd' || piece.letter == 'i';
    if (kindOf(piece) != Kind::Int) {
        return bits;
    }
    if (piece.length == "hh") {
        return isSigned ? static_cast<uint64_t>(int64_t{static_cast<int8_t>(bits)})
                        : static_cast<uint8_t>(bits);
    }
    if (piece.length == "h") {
        return isSigned ? static_cast<uint64_t>(int64_t{static_cast<int16_t>(bits)})
                        : static_cast<uint16_t>(bits);
    }
    return isSigned ? bits : static_cast<uint32_t>(bits);
}

std::string character(uint64_t unit) {
    std::string text;
    if (unit < 0x80) {
        text += static_cast<char>(unit);
    } else if (unit < 0x800) {
        text += static_cast<char>(0xc0 | (unit >> 6));
        text += static_cast<char>(0x80 | (unit & 0x3f));
    } else {
        text += static_cast<char>(0xe0 | ((unit >> 12) & 0xf));
        text += static_cast<char>(0x80 | ((unit >> 6) & 0x3f));
        text += static_cast<char>(0x80 | (unit & 0x3f));
    }
    return text;
}

std::string resolved(const std::string & measure, size_t from, const std::vector<Argument> & all) {
    const size_t star = measure.find('*');
    if (star == std::string::npos || from >= all.size()) {
        return measure;
    }
    return measure.substr(0, star) + std::to_string(static_cast<int>(all[from].bits));
}

std::string convert(const Piece & piece, const std::vector<Argument> & all) {
    const Argument argument = piece.argument < all.size() ? all[piece.argument] : Argument{};
    const std::string start = "%" + piece.flags + resolved(piece.width, piece.widthArgument, all) +
                              resolved(piece.precision, piece.precisionArgument, all);
    switch (piece.letter) {
    case '@':
        return print(start + "s", formatObject(argument.pointer).c_str());
    case 's':
        return print(start + "s", argument.pointer == nullptr
                                      ? "(null)"
                                      : static_cast<const char *>(argument.pointer));
    case 'd':
    case 'i':
        return print(start + "lld", static_cast<long long>(narrowed(piece, argument.bits)));
    case 'o':
    case 'u':
    case 'x':
    case 'X':
        return print(start + "ll" + piece.letter,
                     static_cast<unsigned long long>(narrowed(piece, argument.bits)));
    case 'D':
    case 'U':
    case 'O': // as long ones, as they always were
        return print(start + "ll" + static_cast<char>(piece.letter + ('a' - 'A')),
                     static_cast<unsigned long long>(argument.bits));
    case 'c':
        return print(start + "s", std::string(1, static_cast<char>(argument.bits)).c_str());
    case 'C':
        return print(start + "s", character(argument.bits & 0xffff).c_str());
    case 'p':
        return print(start + "s",
                     print("0x%llx", reinterpret_cast<uintptr_t>(argument.pointer) + 0ull).c_str());
    case 'm':
        return print(start + "s", strerror(errno));
    case 'n':
        return "";
    default:
        return isReal(piece.letter) ? print(start + "L" + piece.letter, argument.real)
                                    : std::string(1, piece.letter);
    }
}

} // namespace

std::string formatText(const char * format, va_list arguments) {
    const std::vector<Piece> pieces = Parser(format).pieces();
    va_list copy;
    va_copy(copy, arguments);
    const std::vector<Argument> values = fetch(pieces, copy);
    va_end(copy);
    std::string text;
    for (const Piece & piece : pieces) {
        text += piece.literal;
        text += piece.letter == 0 ? "" : convert(piece, values);
    }
    return text;
}

} // namespace dextsim::cf
