#include "app/witness.h"

#include "app/play.h"

bool witness_begin(const char *name, const struct library *lib, const struct run_options *run, const struct trial *peer, const struct service *s,
                   struct manifest *m, struct trial *witness, bool *has, struct arena *keep, struct error *err)
{
    struct run_options right = *run;
    struct options choice = { .peer = name, .service = s->name };
    TEXT(profile);
    TEXT(usual);

    *has = false;
    if (!choice.peer) {
        profile_print(&profile, &peer->worker.profile);
        profile_print(&usual, &profile_default);
        choice.peer = strcmp(text_string(&profile), text_string(&usual)) == 0 ? "reference" : arena_printf(keep, "reference:%s", text_string(&profile));
    }
    choice.peers.items[choice.peers.count++] = choice.peer;
    right.peer_dials = false;
    right.variant = NULL;
    right.manifest = NULL;
    right.under = NULL;
    right.hold = false;
    right.how = "";
    right.limits = limits_default;
    right.service = s->name;
    if (!play_choose(&choice, lib, &right, m, keep, err))
        return !name; // nobody asked for one
    *has = true;
    return trial_begin(witness, &right, s, play_stop(), err);
}
