"""How Contigo is started on one machine: `./run` hands over to here once `.venv` stands.

keeper        runs a server for as long as somebody uses it
servers       Redis (or Valkey) and PostgreSQL, as the keeper runs them
demo_settings settings and keys that the demo makes for itself
procfile      the processes, by name
together      all of them at once, under honcho, and their end
tour          what the demo prints, and `--tour`
suites        the tests by name, and the linters
drills        the drills by name, and their long form

Nothing of `bot` imports this, and this imports nothing of `bot`: they meet in the environment and the Procfile.
"""
