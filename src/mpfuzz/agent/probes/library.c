// The source of probe.c's shared library and of its plug-ins.

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
