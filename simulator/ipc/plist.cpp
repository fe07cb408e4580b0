// Parser for XML property lists: see plist.h. A scanner for the few XML forms that plists use, and
// one function per element.
#include "plist.h"

#include "plist_text.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

#include "fd.h"

namespace dextsim {

namespace {

constexpr int kMaxDepth = 64;

class PlistParser {
  public:
    PlistParser(std::string_view text, PlistError & error) : text_(text), error_(error) {}

    bool document(Value & value) {
        Tag tag;
        if (!openTag(tag) || tag.name != "plist") {
            return fail("not an XML property list: <plist> expected");
        }
        if (!openTag(tag) || !element(tag, value, 0)) {
            return fail("an element expected in <plist>");
        }
        return closeTag("plist");
    }

  private:
    struct Tag {
        std::string_view name;
        bool closed = false; // <name/>
    };

    // Reports the innermost problem: the first one.
    bool fail(const std::string & message) {
        if (error_.message.empty()) {
            auto upTo = text_.substr(0, at_);
            error_.line = 1 + static_cast<size_t>(std::count(upTo.begin(), upTo.end(), '\n'));
            error_.message = key_.empty() ? message : "key \"" + key_ + "\": " + message;
        }
        return false;
    }

    bool startsWith(std::string_view token) const { return text_.substr(at_).starts_with(token); }

    bool skipPast(std::string_view token) {
        size_t found = text_.find(token, at_);
        at_ = found == std::string_view::npos ? text_.size() : found + token.size();
        return found != std::string_view::npos;
    }

    // White space, comments, <?xml … ?> and <!DOCTYPE …>.
    void skipMisc() {
        for (;;) {
            while (at_ < text_.size() && strchr(" \t\r\n", text_[at_]) != nullptr) {
                ++at_;
            }
            if (startsWith("<!--")) {
                skipPast("-->");
            } else if (startsWith("<?")) {
                skipPast("?>");
            } else if (startsWith("<!")) {
                skipPast(">");
            } else {
                return;
            }
        }
    }

    bool openTag(Tag & tag) {
        skipMisc();
        if (!startsWith("<") || startsWith("</")) {
            return false;
        }
        size_t end = text_.find('>', at_);
        if (end == std::string_view::npos) {
            return fail("a tag is not closed");
        }
        std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        tag.closed = inside.ends_with('/');
        tag.name = inside.substr(0, inside.find_first_of(" \t\r\n/"));
        at_ = end + 1;
        return true;
    }

    bool atCloseTag() {
        skipMisc();
        return startsWith("</");
    }

    bool closeTag(std::string_view name) {
        skipMisc();
        if (!startsWith("</") || text_.substr(at_ + 2, name.size()) != name) {
            return fail("</" + std::string(name) + "> expected");
        }
        return skipPast(">") || fail("a tag is not closed");
    }

    bool element(const Tag & tag, Value & value, int depth) {
        if (depth > kMaxDepth) {
            return fail("nested too deeply");
        }
        if (tag.name == "dict") {
            return dictionary(tag, value, depth);
        }
        if (tag.name == "array") {
            return array(tag, value, depth);
        }
        if (tag.name == "true" || tag.name == "false") {
            value = Value::boolean(tag.name == "true");
            return tag.closed || closeTag(tag.name);
        }
        return leaf(tag, value);
    }

    bool leaf(const Tag & tag, Value & value) {
        std::string content;
        if (tag.name != "string" && tag.name != "integer" && tag.name != "data") {
            return fail("<" + std::string(tag.name) + "> cannot become a registry property");
        }
        if (!tag.closed && !text(tag.name, content)) {
            return false;
        }
        if (tag.name == "string") {
            value = Value::string(std::move(content));
            return true;
        }
        if (tag.name == "integer") {
            return parsePlistInteger(content, value) ||
                   fail("\"" + content + "\" is not an integer");
        }
        return parsePlistData(content, value) || fail("bad base64 in <data>");
    }

    bool dictionary(const Tag & tag, Value & value, int depth) {
        value = Value::dictionary();
        if (tag.closed) {
            return true;
        }
        while (!atCloseTag()) {
            Tag key;
            std::string name;
            if (!openTag(key) || key.name != "key") {
                return fail("<key> expected in <dict>");
            }
            if (!key.closed && !text("key", name)) {
                return false;
            }
            if (value.find(name) != nullptr) {
                return fail("the key \"" + name + "\" appears twice");
            }
            std::swap(key_, name);
            Tag child;
            Value member;
            if (!openTag(child) || !element(child, member, depth + 1)) {
                return fail("a value expected");
            }
            value.put(key_, std::move(member));
            std::swap(key_, name);
        }
        return closeTag("dict");
    }

    bool array(const Tag & tag, Value & value, int depth) {
        value = Value::array();
        if (tag.closed) {
            return true;
        }
        while (!atCloseTag()) {
            Tag child;
            Value item;
            if (!openTag(child) || !element(child, item, depth + 1)) {
                return fail("a value expected in <array>");
            }
            value.items().push_back(std::move(item));
        }
        return closeTag("array");
    }

    // Character data up to </name>.
    bool text(std::string_view name, std::string & content) {
        while (at_ < text_.size() && !startsWith("</")) {
            if (startsWith("<!--")) {
                skipPast("-->");
            } else if (startsWith("<![CDATA[")) {
                size_t end = text_.find("]]>", at_);
                size_t begin = at_ + 9;
                content += text_.substr(begin, end == std::string_view::npos ? end : end - begin);
                skipPast("]]>");
            } else if (text_[at_] == '<') {
                return fail("unexpected tag in <" + std::string(name) + ">");
            } else if (text_[at_] == '&') {
                if (!entity(content)) {
                    return false;
                }
            } else {
                content += text_[at_++];
            }
        }
        return closeTag(name);
    }

    bool entity(std::string & content) {
        static constexpr struct {
            std::string_view name;
            char character;
        } kEntities[] = {
            {"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}};
        for (const auto & known : kEntities) {
            if (startsWith(known.name)) {
                content += known.character;
                at_ += known.name.size();
                return true;
            }
        }
        return startsWith("&#") ? numericEntity(content) : fail("unknown entity");
    }

    bool numericEntity(std::string & content) {
        size_t end = text_.find(';', at_);
        std::string digits(
            text_.substr(at_ + 2, end == std::string_view::npos ? 0 : end - at_ - 2));
        bool isHex = digits.starts_with('x');
        char * rest = nullptr;
        unsigned long code = strtoul(digits.c_str() + (isHex ? 1 : 0), &rest, isHex ? 16 : 10);
        if (digits.empty() || *rest != 0 || code == 0 || code > 0x10FFFF) {
            return fail("bad character reference");
        }
        appendUtf8(content, static_cast<uint32_t>(code));
        at_ = end + 1;
        return true;
    }

    std::string_view text_;
    PlistError & error_;
    size_t at_ = 0;
    std::string key_;
};

} // namespace

bool parsePlist(std::string_view text, Value & value, PlistError & error) {
    return PlistParser(text, error).document(value);
}

bool readPlist(const std::string & path, Value & value, std::string & error) {
    Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.valid()) {
        error = path + ": " + strerror(errno);
        return false;
    }
    std::string text;
    char block[8192];
    ssize_t size;
    while ((size = read(file.get(), block, sizeof block)) > 0) {
        text.append(block, static_cast<size_t>(size));
    }
    PlistError problem;
    if (size < 0 || !parsePlist(text, value, problem)) {
        error = size < 0 ? path + ": " + strerror(errno)
                         : path + ":" + std::to_string(problem.line) + ": " + problem.message;
        return false;
    }
    return true;
}

} // namespace dextsim
