// A line of the client's input as a verb and named numbers, and its answer as JSON.
#ifndef CONTRACT_TEST_WORDS_H
#define CONTRACT_TEST_WORDS_H

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

// "7 call c=1 in=1,2,3" is the request 7 with the verb "call".
struct Request {
    std::string id;
    std::string verb;
    std::map<std::string, std::string> named;

    explicit Request(const std::string & line) {
        std::istringstream text(line);
        text >> id >> verb;
        for (std::string word; text >> word;) {
            const size_t equals = word.find('=');
            named[word.substr(0, equals)] = word.substr(equals + 1);
        }
    }

    bool has(const std::string & name) const { return named.count(name) != 0; }
    std::vector<uint64_t> list(const std::string & name) const {
        std::vector<uint64_t> numbers;
        if (has(name)) {
            std::istringstream text(named.at(name));
            for (std::string word; std::getline(text, word, ',');) {
                numbers.push_back(strtoull(word.c_str(), nullptr, 0));
            }
        }
        return numbers;
    }
    uint64_t number(const std::string & name, uint64_t otherwise = 0) const {
        const std::vector<uint64_t> numbers = list(name);
        return numbers.empty() ? otherwise : numbers[0];
    }
    uint32_t small(const std::string & name, uint32_t otherwise = 0) const {
        return static_cast<uint32_t>(number(name, otherwise));
    }
};

// One line of JSON. Words of 64 bits are strings, since JavaScript's numbers do not hold them.
class Answer {
  public:
    explicit Answer(const Request & request) { text_ << "{\"id\":" << request.id; }

    Answer & put(const char * name, uint64_t number) {
        text_ << ",\"" << name << "\":" << number;
        return *this;
    }
    Answer & status(int32_t status) { return put("status", static_cast<uint32_t>(status)); }
    Answer & words(const char * name, const std::vector<uint64_t> & words) {
        text_ << ",\"" << name << "\":" << list(words);
        return *this;
    }
    Answer & bytes(const char * name, const std::vector<uint8_t> & bytes) {
        static const char digits[] = "0123456789abcdef";
        text_ << ",\"" << name << "\":\"";
        for (const uint8_t byte : bytes) {
            text_ << digits[byte >> 4] << digits[byte & 15];
        }
        text_ << '"';
        return *this;
    }
    Answer & raw(const char * name, const std::string & json) {
        text_ << ",\"" << name << "\":" << json;
        return *this;
    }
    // Who takes it comes after the answers that were written, also in the eyes of ThreadSanitizer.
    static std::mutex & output() {
        static std::mutex one;
        return one;
    }
    static std::string list(const std::vector<uint64_t> & words) {
        std::string text = "[";
        for (const uint64_t word : words) {
            text += (text.size() == 1 ? "\"" : ",\"") + std::to_string(word) + "\"";
        }
        return text + "]";
    }
    ~Answer() {
        std::lock_guard lock(output());
        printf("%s}\n", text_.str().c_str());
        fflush(stdout);
    }

  private:
    std::ostringstream text_;
};

#endif
