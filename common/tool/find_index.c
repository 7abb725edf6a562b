/*
 * Which index a command means.
 */
#include "common/tool/find_index.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/tool/exit.h"
#include "common/tool/say.h"

#define INDEX_NAME "/.parasol"

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A path to an index, or to a folder that was indexed. */
static int take_path(const char *path, char *out)
{
    size_t len = strlen(path);
    if (len == 0 || len >= PC_PATH_BYTES) {
        (void)fputs(len ? "parasol: the path of the index is too long\n"
                        : "parasol: the path of the index is empty\n",
                    stderr);
        return PC_EXIT_USAGE;
    }
    memcpy(out, path, len + 1);
    if (len + sizeof INDEX_NAME <= PC_PATH_BYTES) {
        memcpy(out + len, INDEX_NAME, sizeof INDEX_NAME);
        if (!is_folder(out))
            out[len] = '\0';
    }
    return PC_EXIT_OK;
}

static int not_found(const char *from)
{
    (void)fputs("parasol: there is no index (.parasol) in ", stderr);
    (void)pc_say_text(stderr, from, strlen(from));
    (void)fputs(" or any folder above it: make one with 'parasol index DIR', "
                "or name one with --index\n",
                stderr);
    return PC_EXIT_NOINDEX;
}

/* From the current directory upwards, as git looks for its folder. */
static int walk_up(char *out)
{
    char from[PC_PATH_BYTES];
    if (!getcwd(from, sizeof from)) {
        (void)fprintf(stderr,
                      "parasol: the current directory is unknown: "
                      "%s; name the index with --index\n",
                      strerror(errno));
        return PC_EXIT_NOINDEX;
    }
    size_t len = strlen(from);
    memcpy(out, from, len + 1);
    if (len == 1)
        len = 0; /* "/" */
    for (;;) {
        if (len + sizeof INDEX_NAME <= PC_PATH_BYTES) {
            memcpy(out + len, INDEX_NAME, sizeof INDEX_NAME);
            if (is_folder(out))
                return PC_EXIT_OK;
        }
        if (len == 0)
            return not_found(from);
        do
            len--;
        while (len > 0 && out[len] != '/');
    }
}

int pc_find_index(const char *given, char *out)
{
    if (given)
        return take_path(given, out);
    const char *env = getenv("PARASOL_INDEX");
    if (env && *env)
        return take_path(env, out);
    return walk_up(out);
}
