"""The other side: what a good engineer writes first, from the same parts, and without anything of ours.

sdk          one pooled SDK client           sdk_pool   `messages.create` in 32 threads, nothing around it
one_by_one   a table of messages, and one message sent and recorded: what each job does
rq_jobs      an RQ job per message, by SimpleWorker or the forking Worker          celery_jobs   a Celery task per message
receipts     status callbacks in a Flask view: the SDK's validator, the ORM, a commit, a job
"""
