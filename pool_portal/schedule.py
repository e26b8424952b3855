"""What Celery beat asks for by the clock, and every how many seconds."""

SCHEDULE = {
    "deliver the outbox": {"task": "core.deliver_outbox", "schedule": 10.0},
    "drain to the platform": {"task": "catalog.sync.drain", "schedule": 5.0},
    "close activities": {"task": "submissions.close_activities", "schedule": 20.0},
    "end publicity periods": {"task": "evaluation.end_publicity", "schedule": 60.0},
    "release signed decisions": {"task": "evaluation.release_decisions", "schedule": 20.0},
    "end questions nobody answered": {
        "task": "evaluation.lapse_clarifications",
        "schedule": 600.0,
    },
    "make declarations one file": {"task": "evaluation.make_dossiers", "schedule": 30.0},
    "sweep the figures": {"task": "evaluation.sweep_figures", "schedule": 60.0},
    "keep the expert pool": {"task": "evaluation.keep_pool", "schedule": 3600.0},
    "ask again for plans": {"task": "evaluation.sweep_plans", "schedule": 30.0},
    "write the catalogue as files": {"task": "catalog.write_bulk", "schedule": 300.0},
    "follow the reference": {"task": "catalog.follow_reference", "schedule": 60.0},
    "let listings expire": {"task": "catalog.expire_listings", "schedule": 3600.0},
    "tell what is new": {"task": "catalog.tell_saved_searches", "schedule": 900.0},
    "lapse what was not confirmed": {"task": "catalog.lapse_measures", "schedule": 600.0},
    "send reminders": {"task": "core.remind", "schedule": 3600.0},
    "prune": {"task": "core.prune", "schedule": 3600.0},
}
