// What the program of the vectors is built on: values as words, and the loop that answers the test.
// Lines in: "D number bytes" reads a struct, "E number words..." makes one. Lines out: its words,
// or its bytes.
#ifndef VECTORS_H
#define VECTORS_H

#include "dextgen_types.h"

#include <cinttypes>
#include <cstddef>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

inline std::string HexOf(uint64_t bits, int digits) {
    char text[24];
    snprintf(text, sizeof text, "%0*" PRIx64, digits, bits);
    return text;
}

inline std::string HexOfBytes(const uint8_t * bytes, size_t size) {
    std::string text;
    for (size_t i = 0; i < size; i++) {
        text += HexOf(bytes[i], 2);
    }
    return text;
}

inline std::vector<uint8_t> BytesOf(const std::string & hex) {
    std::vector<uint8_t> bytes;
    for (size_t i = 0; i + 1 < hex.size(); i += 2) {
        bytes.push_back(static_cast<uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
    }
    return bytes;
}

/// Visits a value and keeps its words.
struct Printer {
    std::string words;

    void Add(const std::string & word) {
        words += words.empty() ? "" : " ";
        words += word;
    }

    template <typename T> void Value(T & value) {
        if constexpr (std::is_floating_point_v<T>) {
            std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t> bits = 0;
            memcpy(&bits, &value, sizeof bits);
            Add(HexOf(bits, 2 * sizeof bits));
        } else {
            Add(std::to_string(+value));
        }
    }

    void Wide(DextgenU128 & value) { Add(HexOf(value.high, 16) + HexOf(value.low, 16)); }

    /// `filled`: all bytes are text, and zeros at the end fill it up.
    void Text(uint8_t * bytes, size_t size, bool filled) {
        size_t length = 0;
        if (filled) {
            length = size;
            while (length > 0 && bytes[length - 1] == 0) {
                length--;
            }
        } else {
            while (length < size && bytes[length] != 0) {
                length++;
            }
        }
        Add("\"" + HexOfBytes(bytes, length));
    }
};

/// Visits a value and fills it from words.
struct Parser {
    std::istringstream words;

    std::string Next() {
        std::string word;
        words >> word;
        return word;
    }

    template <typename T> void Value(T & value) {
        const std::string word = Next();
        if constexpr (std::is_floating_point_v<T>) {
            using Bits = std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>;
            const Bits bits = static_cast<Bits>(std::stoull(word, nullptr, 16));
            memcpy(&value, &bits, sizeof bits);
        } else if constexpr (std::is_same_v<T, bool>) {
            value = word == "1";
        } else if constexpr (std::is_signed_v<T>) {
            value = static_cast<T>(std::stoll(word));
        } else {
            value = static_cast<T>(std::stoull(word));
        }
    }

    void Wide(DextgenU128 & value) {
        const std::string word = Next();
        value.high = std::stoull(word.substr(0, 16), nullptr, 16);
        value.low = std::stoull(word.substr(16), nullptr, 16);
    }

    void Text(uint8_t * bytes, size_t size, bool) {
        const std::vector<uint8_t> text = BytesOf(Next().substr(1));
        memset(bytes, 0, size);
        if (!text.empty()) {
            memcpy(bytes, text.data(), text.size());
        }
    }
};

struct Row {
    size_t size;
    size_t align;
    void (*print)(uint8_t * bytes, Printer & printer);
    void (*parse)(uint8_t * bytes, Parser & parser);
};

template <typename T, void (*print)(Printer &, T &), void (*parse)(Parser &, T &)> Row RowOf() {
    return {.size = sizeof(T),
            .align = alignof(T),
            .print = [](uint8_t * bytes,
                        Printer & printer) { print(printer, *reinterpret_cast<T *>(bytes)); },
            .parse = [](uint8_t * bytes,
                        Parser & parser) { parse(parser, *reinterpret_cast<T *>(bytes)); }};
}

/// Room for one struct, and not more: at an odd address when it is packed, since there it may lie.
class Place {
  public:
    explicit Place(const Row & row)
        : odd_(row.align == 1 ? 1 : 0), size_(row.size),
          words_((row.size + odd_ + sizeof(Word) - 1) / sizeof(Word)) {}

    uint8_t * Bytes() { return reinterpret_cast<uint8_t *>(words_.data()) + odd_; }
    size_t Size() const { return size_; }

  private:
    struct alignas(16) Word {
        uint8_t bytes[16];
    };
    size_t odd_;
    size_t size_;
    std::vector<Word> words_;
};

inline int Serve(const Row * rows, size_t count) {
    std::string line;
    while (std::getline(std::cin, line)) {
        std::istringstream words(line);
        std::string what;
        size_t number = 0;
        words >> what >> number;
        if (number >= count) {
            return 1;
        }
        const Row & row = rows[number];
        Place place(row);
        if (what == "D") {
            std::string hex;
            words >> hex;
            const std::vector<uint8_t> bytes = BytesOf(hex);
            if (bytes.size() != place.Size()) {
                return 2;
            }
            memcpy(place.Bytes(), bytes.data(), bytes.size());
            Printer printer;
            row.print(place.Bytes(), printer);
            std::cout << printer.words << '\n';
        } else {
            Parser parser;
            std::string rest;
            std::getline(words, rest);
            parser.words.str(rest);
            row.parse(place.Bytes(), parser);
            std::cout << HexOfBytes(place.Bytes(), place.Size()) << '\n';
        }
    }
    return 0;
}

#endif
