// Everything that generated dext code uses of this folder.
#ifndef DEXTGEN_DEXT_H
#define DEXTGEN_DEXT_H

#include "async-call.h"
#include "call.h"
#include "client-memory.h"
#include "connection.h"
#include "core.h"
#include "feed.h"
#include "guard.h"
#include "handles.h"
#include "interface.h"
#include "narrowing.h"
#include "publish.h"
#include "records.h"
#include "stream.h"
#include "text.h"
#include "values.h"

#endif
