// A target for the agent's tests. It runs the commands in its arguments, prints "done", and ends when its standard
// input is closed. It is written in C, so that the link fails if the agent needs libstdc++.
//
//   a, b            take one of two branches
//   loop=N          take one branch N times
//   threads=N       start N threads, each of which takes one branch 1000 times
//   fork            take branch b in a child that does not call exec
//   exec            run this program again with `fds`
//   fds             print `leak` if the map's descriptor is open without close-on-exec, otherwise `clean`
//   library         take a branch in the shared library
//   plugin=PATH     load a shared object and take a branch in it
//   compare=N       compare N with 7654321, and use N in a switch that has a case 42
//   errno           print `errno kept` if counting did not change errno

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

int library_branch(int way);

static volatile int g_sink;

__attribute__((noinline)) static void branch(int way)
{
    if (way == 'a') {
        g_sink += 1;
    } else {
        g_sink ^= 3;
    }
}

__attribute__((noinline)) static void loop(int times)
{
    for (volatile int i = 0; i < times; ++i) branch('b');
}

static void* thread_main(void* unused)
{
    static __thread volatile int counted;
    for (counted = 0; counted < 1000; ++counted) {
    }
    return unused;
}

static void threads(int count)
{
    pthread_t started[64];
    for (int i = 0; i < count; ++i) pthread_create(&started[i], NULL, thread_main, NULL);
    for (int i = 0; i < count; ++i) pthread_join(started[i], NULL);
}

static void in_child(const char* self)
{
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        if (self) execl(self, self, "fds", "exit", NULL);
        branch('b');
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void list_descriptors(void)
{
    const char* verdict = "clean";
    for (int fd = 3; fd < 1024; ++fd) {
        char path[64];
        char target[256] = "";
        snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
        if (readlink(path, target, sizeof(target) - 1) < 0 || !strstr(target, "mpfuzz-coverage")) continue;
        if (!(fcntl(fd, F_GETFD) & FD_CLOEXEC)) verdict = "leak";
    }
    puts(verdict);
}

static void plugin(const char* path)
{
    void* const handle = dlopen(path, RTLD_NOW);
    if (!handle) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    int (*const call)(int) = (int (*)(int))dlsym(handle, "library_branch");
    g_sink += call('a');
}

__attribute__((noinline)) static void compare(long number)
{
    if (number == 7654321) g_sink += 1;
    switch (number) {
    case 42: g_sink += 2; break;
    case 4200: g_sink += 3; break;
    case 99: g_sink ^= 5; break;
    case 1000000: g_sink *= 3; break;
    default: break;
    }
}

static void run(const char* self, const char* command)
{
    if (!strcmp(command, "a") || !strcmp(command, "b")) branch(command[0]);
    if (!strncmp(command, "loop=", 5)) loop(atoi(command + 5));
    if (!strncmp(command, "threads=", 8)) threads(atoi(command + 8));
    if (!strcmp(command, "fork")) in_child(NULL);
    if (!strcmp(command, "exec")) in_child(self);
    if (!strcmp(command, "fds")) list_descriptors();
    if (!strcmp(command, "library")) g_sink += library_branch('a');
    if (!strncmp(command, "plugin=", 7)) plugin(command + 7);
    if (!strncmp(command, "compare=", 8)) compare(atol(command + 8));
    if (!strcmp(command, "errno")) {
        errno = 77;
        branch('a');
        if (errno == 77) puts("errno kept");
    }
    if (!strcmp(command, "exit")) exit(0);
}

int main(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) run(argv[0], argv[i]);
    puts("done");
    fflush(stdout);
    while (getchar() != EOF) {
    }
    return 0;
}
