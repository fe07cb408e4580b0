#pragma once
#include <os/log.h>

#define Log(format, ...) os_log(OS_LOG_DEFAULT, "Watcher: " format, ##__VA_ARGS__)
