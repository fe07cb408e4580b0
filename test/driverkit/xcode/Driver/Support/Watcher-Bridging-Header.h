// For the app's Swift; the driver takes its selectors from it, too.
#ifndef Watcher_Bridging_Header_h
#define Watcher_Bridging_Header_h

enum {
    kWatcherCount = 0,
    kWatcherSleep = 1,
    kWatcherMood = 2,
    kWatcherFree = 3,
    kWatcherLoad = 4,
    kWatcherReport = 5,
};

#endif
