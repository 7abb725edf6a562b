/*
 * Programs, run and waited for.
 */
#include "tests/crash/story_programs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/base/fail.h"
#include "tests/support/faultfs.h"
#include "tests/support/scratch.h"

static void become(const char *program, const char *said, char *const *words)
{
    int fd = open(said, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (fd < 0 || dup2(fd, 1) < 0 || dup2(fd, 2) < 0)
        _exit(99);
    (void)alarm(60);
    (void)execv(program, words);
    _exit(99);
}

static int pass_on(const char *program, const char *said, int status,
                   parasol_error *err)
{
    size_t n = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == FAULTFS_KILLED)
        _exit(FAULTFS_KILLED);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return PARASOL_OK;
    char *text = (char *)scratch_read(said, &n);
    text[n < 200 ? n : 200] = 0;
    int rc = WIFEXITED(status) && WEXITSTATUS(status) < 99 ? PARASOL_IO
                                                           : PARASOL_INTERNAL;
    /* 1: some files could not be indexed, which here are all good. */
    rc = pc_fail(err, rc, "%s: status %d: %s", program, status, text);
    free(text);
    return rc;
}

int story_program(const story_place *place, const char *program,
                  const char *first, const char *second, parasol_error *err)
{
    char path[700], said[700], source[600];
    char name[64], a[700], b[700];
    int status = 0;
    (void)snprintf(path, sizeof path, "%s/%s", place->programs, program);
    (void)snprintf(said, sizeof said, "%s.said", place->source);
    (void)snprintf(source, sizeof source, "%s", place->source);
    (void)snprintf(name, sizeof name, "%s", program);
    (void)snprintf(a, sizeof a, "%s", first);
    (void)snprintf(b, sizeof b, "%s", second ? second : "");
    char *words[] = {name, a, second ? b : NULL, source, NULL};
    pid_t pid = fork();
    if (pid < 0)
        scratch_die("fork");
    if (pid == 0)
        become(path, said, words);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return pass_on(program, said, status, err);
}
