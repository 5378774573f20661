"""One module a kind of page; every function is pure and yields (path from the site's root, bytes).

| function | files | made again when |
| --- | --- | --- |
| `version.version_files` | a version's pages | never, but for a notice |
| `line.line_files` | a workflow's own pages, feed, badge, neighbours' differences | it or its dependents change |
| `lists.list_front`, `lists.list_page` | a list of workflows and its page n | an entry of the page changes |
| `groups.groups_page` | page n of the categories, authors or tags | an entry of the page changes |
| `home.home_files`, `stats.stats_files` | the home page, the statistics | counts or latest updates change |
| `feeds.feed` | an Atom feed | an entry changes |
| `fixed.fixed_files` | what knows no workflow: assets, docs, rules, 404 | tool, templates or settings change |
"""
