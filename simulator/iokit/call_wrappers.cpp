// The forms of IOConnectCallMethod that leave one half out.
#include <IOKit/IOKitLib.h>

kern_return_t IOConnectCallStructMethod(mach_port_t connection, uint32_t selector,
                                        const void * inputStruct, size_t inputStructCnt,
                                        void * outputStruct, size_t * outputStructCnt) {
    return IOConnectCallMethod(connection, selector, nullptr, 0, inputStruct, inputStructCnt,
                               nullptr, nullptr, outputStruct, outputStructCnt);
}

kern_return_t IOConnectCallAsyncStructMethod(mach_port_t connection, uint32_t selector,
                                             mach_port_t wakePort, uint64_t * reference,
                                             uint32_t referenceCnt, const void * inputStruct,
                                             size_t inputStructCnt, void * outputStruct,
                                             size_t * outputStructCnt) {
    return IOConnectCallAsyncMethod(connection, selector, wakePort, reference, referenceCnt,
                                    nullptr, 0, inputStruct, inputStructCnt, nullptr, nullptr,
                                    outputStruct, outputStructCnt);
}

kern_return_t IOConnectCallScalarMethod(mach_port_t connection, uint32_t selector,
                                        const uint64_t * input, uint32_t inputCnt,
                                        uint64_t * output, uint32_t * outputCnt) {
    return IOConnectCallMethod(connection, selector, input, inputCnt, nullptr, 0, output, outputCnt,
                               nullptr, nullptr);
}

kern_return_t IOConnectCallAsyncScalarMethod(mach_port_t connection, uint32_t selector,
                                             mach_port_t wakePort, uint64_t * reference,
                                             uint32_t referenceCnt, const uint64_t * input,
                                             uint32_t inputCnt, uint64_t * output,
                                             uint32_t * outputCnt) {
    return IOConnectCallAsyncMethod(connection, selector, wakePort, reference, referenceCnt, input,
                                    inputCnt, nullptr, 0, output, outputCnt, nullptr, nullptr);
}
