/*
 * Findings: sentences for the caller, and how many there were.
 */
#include "indexer/check/finding.h"

#include <stdarg.h>
#include <stdio.h>

#include "common/base/fail.h"

static void tell(pi_check *c, int severity, pi_place at, const char *affects,
                 const char *problem)
{
    parasol_finding f = {.struct_size = sizeof f,
                         .severity = severity,
                         .file = at.file,
                         .section = at.section,
                         .offset = at.offset,
                         .length = at.length,
                         .problem = problem,
                         .affects = affects};
    if (c->o.report && c->o.report(&f, c->o.user) && !c->stopped)
        c->stopped = pc_fail(&c->error, PARASOL_ARG, "the check was stopped");
}

void pi_findings_end(pi_check *c)
{
    if (c->told > PI_FINDINGS_TOLD) {
        char problem[80];
        pi_place at = {c->last_file, c->last_section, PARASOL_NO_OFFSET, 0};
        (void)snprintf(problem, sizeof problem, "%llu more like this",
                       (unsigned long long)(c->told - PI_FINDINGS_TOLD));
        tell(c, PARASOL_DAMAGE, at, "", problem);
    }
    c->told = 0;
}

void pi_damage(pi_check *c, pi_place at, const char *affects, const char *fmt,
               ...)
{
    char problem[512];
    va_list args;
    if (c->stopped)
        return;
    if (c->told == 0 || strcmp(c->last_section, at.section) != 0 ||
        strcmp(c->last_file, at.file) != 0) {
        pi_findings_end(c);
        (void)snprintf(c->last_file, sizeof c->last_file, "%s", at.file);
        (void)snprintf(c->last_section, sizeof c->last_section, "%s",
                       at.section);
    }
    c->info.damages++;
    if (++c->told > PI_FINDINGS_TOLD)
        return;
    va_start(args, fmt);
    (void)vsnprintf(problem, sizeof problem, fmt, args);
    va_end(args);
    tell(c, PARASOL_DAMAGE, at, affects, problem);
}

void pi_note(pi_check *c, const char *file, const char *fmt, ...)
{
    char problem[512];
    va_list args;
    if (c->stopped)
        return;
    c->info.notes++;
    va_start(args, fmt);
    (void)vsnprintf(problem, sizeof problem, fmt, args);
    va_end(args);
    tell(c, PARASOL_NOTE, (pi_place){file, "", PARASOL_NO_OFFSET, 0}, "",
         problem);
}

void pi_check_stop(pi_check *c, int rc, const parasol_error *err)
{
    if (c->stopped)
        return;
    c->stopped = rc;
    c->error = *err;
}

void pi_check_nomem(pi_check *c)
{
    parasol_error err;
    int rc = pc_fail_nomem(&err);
    pi_check_stop(c, rc, &err);
}

void pi_check_progress(pi_check *c, uint64_t bytes)
{
    c->bytes_done += bytes;
    if (c->stopped || !c->o.progress || c->bytes_to_do == 0)
        return;
    double done = (double)c->bytes_done / (double)c->bytes_to_do;
    if (c->o.progress(done > 1 ? 1 : done, c->o.user))
        c->stopped = pc_fail(&c->error, PARASOL_ARG, "the check was stopped");
}
