/*
 * What repair and upgrade have in common: beginning, telling, publishing.
 */
#include <stdarg.h>
#include <stdio.h>

#include "common/base/fail.h"
#include "common/os/file.h"
#include "indexer/commit/commit.h"
#include "indexer/commit/log.h"
#include "indexer/repair_internal.h"

int pi_repair_init(pi_repair *x, const char *path,
                   const parasol_repair_options *options, parasol_error *err)
{
    *x = (pi_repair){.dir = path, .o = PARASOL_REPAIR_OPTIONS_INIT};
    if (options)
        memcpy(&x->o, options,
               options->struct_size < sizeof x->o ? options->struct_size
                                                  : sizeof x->o);
    if (x->o.alloc)
        x->alloc = *x->o.alloc;
    x->mem = &x->alloc;
    pc_manifest_init(&x->now, x->mem);
    pc_manifest_init(&x->next, x->mem);
    pc_arena_init(&x->arena, x->mem, 0);
    if (!path || !*path)
        return pc_fail(err, PARASOL_ARG, "no index directory was named");
    return pi_commit_refuse_file(path, err);
}

void pi_repair_release(pi_repair *x)
{
    pi_rebuild_release(&x->rebuild);
    pc_files_close(x->files);
    pc_free(x->mem, x->known);
    pc_manifest_release(&x->now);
    pc_manifest_release(&x->next);
    pc_arena_release(&x->arena);
    pc_lock_drop(&x->lock);
}

void pi_repair_tell(const pi_repair *x, parasol_repair_info *info)
{
    size_t size = info->struct_size;
    memcpy(info, &x->info, size < sizeof x->info ? size : sizeof x->info);
    info->struct_size = size;
}

int pi_repair_say(pi_repair *x, int kind, const char *file, pc_str id,
                  parasol_error *err, const char *fmt, ...)
{
    char text[512];
    va_list args;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    const char *z = pc_arena_copy(&x->arena, id.ptr, id.len);
    parasol_repair_event e = {sizeof e, kind, file, z, text};
    if (!z)
        return pc_fail_nomem(err);
    if (x->o.report && x->o.report(&e, x->o.user))
        return pc_fail(err, PARASOL_ARG, "stopped; the index is as it was");
    return PARASOL_OK;
}

const char *pi_repair_name(pi_repair *x, enum pc_name of, uint64_t number)
{
    pc_buf path;
    parasol_error err;
    pc_buf_init(&path, x->mem);
    const char *name = pc_name_path(&path, "", of, number, "", &err);
    const char *copy =
        name ? pc_arena_copy(&x->arena, name + 1, strlen(name + 1)) : NULL;
    pc_buf_release(&path);
    return copy ? copy : "";
}

int pi_repair_lock(pi_repair *x, parasol_error *err)
{
    pc_str *names;
    size_t n = 0;
    int rc = x->o.dry_run ? PARASOL_OK : pc_lock_take(&x->lock, x->dir, err);
    if (!rc)
        rc = pc_dir_list(&names, &n, x->dir, &x->arena, err);
    for (size_t i = 0; !rc && i < n; i++) {
        uint64_t number;
        enum pc_name of = pc_name_parse(names[i], &number);
        if (number == UINT64_MAX)
            rc = pc_fail(err, PARASOL_FULL, "%s: no numbers are left", x->dir);
        else if (of == PC_NAME_MANIFEST && number >= x->next.commit)
            x->next.commit = number + 1;
        else if (of != PC_NAME_MANIFEST && number >= x->next.next_segment)
            x->next.next_segment = number + 1;
    }
    if (!rc && x->next.commit == 0)
        x->next.commit = 1;
    return rc;
}

int pi_repair_publish(pi_repair *x, const char *what, int rc,
                      parasol_error *err)
{
    pc_manifest *next = &x->next;
    if (x->o.dry_run)
        return rc;
    if (!rc)
        rc = pi_commit_publish(x->dir, next, x->mem, err);
    if (rc) {
        if (x->now.commit) /* of a manifest that was read */
            pi_commit_collect(x->dir, &x->now, x->mem);
        return rc;
    }
    pi_commit_collect(x->dir, next, x->mem);
    pc_log_line line = {.commit = next->commit,
                        .removed = x->info.lost,
                        .documents =
                            pc_manifest_docs(next) - pc_manifest_dead(next),
                        .bytes = pc_manifest_bytes(next)};
    (void)snprintf(line.what, sizeof line.what, "%s", what);
    pi_log_append(x->dir, &line, x->mem);
    x->info.changed = 1;
    x->info.commit = next->commit;
    x->info.documents = line.documents;
    return PARASOL_OK;
}
