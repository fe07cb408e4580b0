// As in Apple's framework, there is nothing here.
#ifndef MIDIDRIVERKIT_IOUSERMIDIUTILS_H
#define MIDIDRIVERKIT_IOUSERMIDIUTILS_H
#endif
