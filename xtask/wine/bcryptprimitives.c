/* The one function of Windows's bcryptprimitives.dll that Rust's library calls, for a Wine that lacks the whole: Debian 12's.
   For tests alone, beside the program that is tested. */

#include <stddef.h>

/* Of advapi32.dll, where it is better known as RtlGenRandom. */
unsigned char __stdcall SystemFunction036(void *bytes, unsigned long count);

__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *bytes, size_t count)
{
    return SystemFunction036(bytes, (unsigned long)count);
}
