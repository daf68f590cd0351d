const pages: Readonly<Record<string, string>> = {
  konghao: `konghao (空号): four Chinese phone-verification providers on your own machine.

  konghao [serve] [FILE]     serve the default scenario, or the one in FILE, on port 4086
                             (--port N takes another, 0 a free one)
  konghao check FILE…        find every mistake in scenario files
  konghao catalogue [NAME]   what the providers can say, and how that is known
  konghao ask NAME NUMBER    ask the running simulator one question
  konghao why [ID]           why a call ended as it did, phase by phase
  konghao replay FILE        ask all requests of a snapshot again, and compare
  konghao COMMAND --help     more on a command

  --version                  print the version

Exit codes: 0 done · 1 something is wrong with what was looked at · 2 could not run
`,
  serve: `konghao [serve] [FILE]

Serves AceData, Tencent Cloud faceid, ALAPI and QXT on one port: change the base URL
of your client, and nothing else. FILE is a scenario (see scenarios/); it is read again
whenever it changes, and a broken edit leaves the last good one in force.

  --port N       the port (4086); 0 takes a free one
  --host NAME    where to listen (127.0.0.1). Beyond loopback the control API under
                 /_sim wants a bearer token: KONGHAO_CONTROL_TOKEN, or one made up
                 and printed at the start
  --json         one JSON object per line: first {"ready":…}, then each exchange
  --quiet        no line per exchange
  --no-watch     do not read FILE again
  --tenant-idle TIME
                 how long a minted tenant stays that nobody calls (30m)

  konghao
  konghao scenarios/failover.yaml --port 0 --json
`,
  check: `konghao check FILE…

Finds every mistake in scenario files and says where it is, what is wrong and which
word was probably meant. Exit code 1 if there is any.

  --json         the mistakes as one JSON array

  konghao check scenarios/*.yaml
`,
  catalogue: `konghao catalogue [PROVIDER|ENDPOINT]

Every code of every endpoint with its HTTP status, whether it is billed, what leads to
it and how it is known; how each endpoint spells the states of a line, and where it has
no word for one.

  --magic        the default scenario's magic numbers instead, as a Markdown table
  --json         the same as JSON

  konghao catalogue qxt
`,
  ask: `konghao ask PROVIDER|ENDPOINT NUMBER

Asks as the provider's own client would, signature included, and prints the answer.

  --url URL          where konghao serves (http://127.0.0.1:4086)
  --name NAME        for a three-element check
  --id-card NUMBER   for a three-element check
  --credential TEXT  token, SecretId or apikey (the sandbox one)
  --secret TEXT      SecretKey (the sandbox one)
  --json             request and answer as one JSON object

  konghao ask tencent 13800138000
  konghao ask acedata.check-3e 13912345678 --name 李雷 --id-card 11010519491231002X
`,
  why: `konghao why [ID]

Why a call ended as it did: what it came to, the sentence, every phase with its verdict,
and for a refused signature or encryption the client's mistake by name, with what was to
be signed beside what was. ID is any that the client saw (RequestId, trace_id, log_id:7),
or the call's number in the journal. Without one it is the newest call.

  --provider NAME    the newest call of this provider
  --endpoint NAME    the newest call of this endpoint, such as tencent.MobileStatus
  --number NUMBER    the newest call about this number
  --from TIME        the newest call since this instant of the tenant's clock
  --to TIME          the newest call until this one, such as 2026-01-31T23:59:50+08:00
  --tenant ID        whose journal (default)
  --url URL          where konghao serves (http://127.0.0.1:4086)
  --token TEXT       the control token, beyond loopback (KONGHAO_CONTROL_TOKEN)
  --json             the same as one JSON object

  konghao why c1b41afd-e1c1-4611-a993-e90c382fa76e
  konghao why --provider tencent --number 13800138000

Exit codes: 0 found · 1 there is no such call · 2 could not ask
`,
  replay: `konghao replay FILE

Asks every request of a bundle again, in this process and at the times at which it was
asked, and says which answers are byte for byte what they were. A bundle is what
GET /_sim/snapshot?personal=true gives: scenario, state and requests, all in clear, so
keep it as you keep the data in it. What this prints of it is masked.

  --json         the differences as one JSON object

  curl 'http://127.0.0.1:4086/_sim/snapshot?personal=true' > bundle.json
  konghao replay bundle.json

Exit codes: 0 all the same · 1 an answer differs · 2 no bundle, or not a complete one
`,
};

/** The page on a command, or the first page. */
export const help = (command = ''): string => (Object.hasOwn(pages, command) ? pages[command] : pages['konghao']) ?? '';
