// Timers, the main queue, texts and identifiers of an application, as C.
#include <CoreFoundation/CoreFoundation.h>
#include <IOKit/IOKitLib.h>
#include <os/log.h>

static int gChecks = 0;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        ++gChecks;                                                                                 \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "line %d: %s\n", __LINE__, #condition);                                \
            exit(1);                                                                               \
        }                                                                                          \
    } while (0)

// ── texts ──

static int isText(CFStringRef string, const char * text) {
    char buffer[200];
    const int same = CFStringGetCString(string, buffer, sizeof buffer, kCFStringEncodingUTF8) &&
                     strcmp(buffer, text) == 0;
    if (!same) {
        fprintf(stderr, "%s, not %s\n", buffer, text);
    }
    CFRelease(string);
    return same;
}

static CFStringRef format(const char * text, ...) {
    CFStringRef pattern = CFStringCreateWithCString(NULL, text, kCFStringEncodingUTF8);
    va_list arguments;
    va_start(arguments, text);
    CFStringRef made = CFStringCreateWithFormatAndArguments(NULL, NULL, pattern, arguments);
    va_end(arguments);
    CFRelease(pattern);
    return made;
}

static void checkFormats(void) {
    const int32_t number = -7;
    CFNumberRef small = CFNumberCreate(NULL, kCFNumberSInt32Type, &number);
    const double half = 0.5;
    CFNumberRef real = CFNumberCreate(NULL, kCFNumberFloat64Type, &half);
    CHECK(isText(format("%@|%@|%@|%@", CFSTR("text"), small, real, kCFBooleanTrue),
                 "text|-7|0.5|true"));
    CHECK(isText(format("%d %5u|%-4x|%#llx %hhd", -3, 42u, 0xabu, 0x123456789abcull, 300),
                 "-3    42|ab  |0x123456789abc 44"));
    CHECK(isText(format("%zu %ld %c%c %% %.2f %5.1e", (size_t)9, -1L, 'o', 'k', 1.005, 12345.0),
                 "9 -1 ok % 1.00 1.2e+04"));
    CHECK(isText(format("%*d|%.*s|%s", 4, 7, 2, "abcdef", (const char *)NULL), "   7|ab|(null)"));
    CHECK(isText(format("%2$@ before %1$d", 5, CFSTR("second")), "second before 5"));
    CHECK(isText(format("%@ %p", NULL, NULL), "(null) 0x0"));
    CHECK(isText(CFStringCreateWithFormat(NULL, NULL, CFSTR("0x%08x"), 0xe00002c2u), "0xe00002c2"));
    CFRelease(small);
    CFRelease(real);
}

static void checkStrings(void) {
    CFMutableStringRef text = CFStringCreateMutable(NULL, 0);
    CFStringAppend(text, CFSTR("one"));
    CFStringRef frozen = CFStringCreateCopy(NULL, text);
    CFStringAppendFormat(text, NULL, CFSTR(", %d"), 2);
    CFStringAppendCString(text, ".", kCFStringEncodingASCII);
    CHECK(isText(frozen, "one"));
    CHECK(CFStringHasSuffix(text, CFSTR("2.")) && !CFStringHasSuffix(text, CFSTR("2")));
    CHECK(isText(text, "one, 2."));
    CHECK(CFStringCompare(CFSTR("ABC"), CFSTR("abd"), kCFCompareCaseInsensitive) ==
          kCFCompareLessThan);
    CHECK(CFStringCompare(CFSTR("port 10"), CFSTR("port 9"), 0) == kCFCompareLessThan);
    CHECK(CFStringCompare(CFSTR("port 10"), CFSTR("port 9"), kCFCompareNumerically) ==
          kCFCompareGreaterThan);
    CHECK(CFStringGetIntValue(CFSTR(" 42 units")) == 42);
    CHECK(CFStringGetIntValue(CFSTR("99999999999")) == INT32_MAX);
    CHECK(CFStringGetDoubleValue(CFSTR("2.5e3")) == 2500);
}

static void checkUuids(void) {
    CFUUIDRef one = CFUUIDCreate(NULL);
    CFUUIDRef other = CFUUIDCreate(NULL);
    CFStringRef text = CFUUIDCreateString(NULL, one);
    CFUUIDRef same = CFUUIDCreateFromString(NULL, text);
    CHECK(CFEqual(one, same) && !CFEqual(one, other) && CFStringGetLength(text) == 36);
    CHECK((CFUUIDGetUUIDBytes(one).byte6 >> 4) == 4);
    CHECK(CFUUIDCreateFromString(NULL, CFSTR("no identifier")) == NULL);
    CFRelease(one);
    CFRelease(other);
    CFRelease(text);
    CFRelease(same);
    CFUUIDRef fixed =
        CFUUIDGetConstantUUIDWithBytes(NULL, 0xC2, 0x44, 0xE8, 0x58, 0x10, 0x9C, 0x11, 0xD4, 0x91,
                                       0xD4, 0x00, 0x50, 0xE4, 0xC6, 0x42, 0x6F);
    CHECK(isText(CFUUIDCreateString(NULL, fixed), "C244E858-109C-11D4-91D4-0050E4C6426F"));
}

// ── run loops ──

static int gFired = 0;
static int gReleased = 0;

static const void * retained(const void * info) {
    return info;
}
static void released(const void * info) {
    gReleased += info == &gFired;
}

static void fired(CFRunLoopTimerRef timer, void * info) {
    ++*(int *)info;
    if (CFRunLoopTimerDoesRepeat(timer) && gFired == 3) {
        CFRunLoopTimerInvalidate(timer);
        CFRunLoopStop(CFRunLoopGetCurrent());
    }
}

static CFRunLoopTimerRef timerAfter(CFTimeInterval seconds, CFTimeInterval interval) {
    CFRunLoopTimerContext context = {0, &gFired, retained, released, NULL};
    CFRunLoopTimerRef timer = CFRunLoopTimerCreate(NULL, CFAbsoluteTimeGetCurrent() + seconds,
                                                   interval, 0, 0, fired, &context);
    CFRunLoopAddTimer(CFRunLoopGetCurrent(), timer, kCFRunLoopDefaultMode);
    return timer;
}

static void checkTimers(void) {
    CFRunLoopTimerRef repeated = timerAfter(0, 0.002);
    CFRunLoopRun();
    CHECK(gFired == 3 && !CFRunLoopTimerIsValid(repeated));
    CHECK(!CFRunLoopContainsTimer(CFRunLoopGetCurrent(), repeated, kCFRunLoopDefaultMode));
    CFRelease(repeated);
    CHECK(gReleased == 1);

    // Once, when another date is set; a timer is not a source.
    CFRunLoopTimerRef once = timerAfter(3600, 0);
    CHECK(CFRunLoopTimerGetNextFireDate(once) > CFAbsoluteTimeGetCurrent() + 3000);
    CHECK(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0, true) == kCFRunLoopRunTimedOut);
    CHECK(gFired == 3);
    CFRunLoopTimerSetNextFireDate(once, CFAbsoluteTimeGetCurrent());
    while (gFired == 3) {
        CHECK(CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0.01, true) == kCFRunLoopRunTimedOut);
    }
    CHECK(gFired == 4 && !CFRunLoopTimerIsValid(once));
    CFRelease(once);
    CHECK(gReleased == 2);
}

// ── the main queue ──

static void stepped(void * context) {
    ++*(int *)context;
    dispatch_assert_queue(dispatch_get_main_queue());
}

static void stopped(void * context) {
    ++*(int *)context;
    CFRunLoopStop(CFRunLoopGetMain());
}

static void elsewhere(void * context) {
    dispatch_assert_queue_not(dispatch_get_main_queue());
    dispatch_sync_f(dispatch_get_main_queue(), context, stepped);
    // It has run, though the main thread does nothing but its loop.
    dispatch_async_f(dispatch_get_main_queue(), context, *(int *)context == 2 ? stopped : stepped);
}

static void checkMainQueue(void) {
    int steps = 0;
    dispatch_async_f(dispatch_get_main_queue(), &steps, stepped);
    CHECK(steps == 0);
    dispatch_async_f(dispatch_get_global_queue(0, 0), &steps, elsewhere);
    CFRunLoopRun();
    CHECK(steps == 3);
    CHECK(strcmp(dispatch_queue_get_label(NULL), "com.apple.main-thread") == 0);
}

// ── blocks, where the compiler has them ──

#ifdef __BLOCKS__
static void checkBlocks(void) {
    __block int steps = 0;
    CFRunLoopPerformBlock(CFRunLoopGetCurrent(), kCFRunLoopDefaultMode, ^{
      steps += 1;
    });
    CFRunLoopTimerRef timer = CFRunLoopTimerCreateWithHandler(
        NULL, CFAbsoluteTimeGetCurrent(), 0, 0, 0, ^(CFRunLoopTimerRef fires) {
          steps += CFRunLoopTimerDoesRepeat(fires) ? 100 : 10;
        });
    CFRunLoopAddTimer(CFRunLoopGetCurrent(), timer, kCFRunLoopCommonModes);
    CFRelease(timer);
    dispatch_async(dispatch_get_main_queue(), ^{
      steps += 100;
    });
    while (steps != 111) {
        CFRunLoopRunInMode(kCFRunLoopDefaultMode, 0.01, false);
    }
    CHECK(steps == 111);
}
#else
static void checkBlocks(void) {}
#endif

static void ended(void * context) {
    (void)context;
    os_log(OS_LOG_DEFAULT, "%{public}s of %{private}d", "the end", 2);
    CFShow(CFSTR("shown"));
    printf("ok %d\n", gChecks);
    exit(0);
}

int main(void) {
    checkFormats();
    checkStrings();
    checkUuids();
    checkTimers();
    checkMainQueue();
    checkBlocks();
    dispatch_after_f(dispatch_time(DISPATCH_TIME_NOW, 1000000), dispatch_get_main_queue(), NULL,
                     ended);
    dispatch_main();
}
