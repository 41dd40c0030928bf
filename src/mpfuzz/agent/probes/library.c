// The shared library of probe.c, and its plug-in.

__attribute__((noinline, visibility("default"))) int library_branch(int way)
{
    volatile int result = 0;
    if (way == 'a') {
        result = 1;
    } else {
        result = 2;
    }
    return result;
}
