// A dext's program as it lies on disk, without running it: which classes it describes.
#ifndef DEXTSIM_KERNEL_EXECUTABLE_H
#define DEXTSIM_KERNEL_EXECUTABLE_H

#include "ipc/fd.h"

#include <cstddef>
#include <string>

namespace dextsim {

class Executable {
  public:
    explicit Executable(const std::string & path);
    ~Executable();
    Executable(const Executable &) = delete;
    Executable & operator=(const Executable &) = delete;

    // Every class has an OSClassDescription among the program's constants, whose name is padded
    // with zeros to its 96 bytes; so this holds for any format of executable, stripped or not.
    bool hasClass(const std::string & name) const;

  private:
    size_t size_ = 0;
    void * bytes_ = nullptr;
};

} // namespace dextsim

#endif
