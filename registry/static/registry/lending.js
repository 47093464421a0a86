// Starts the engine in this browser, with what its donor is lent for it. Nothing where it cannot run.

// {engine, subject, person}, or null: the browser is too old, has too little memory, or the server has no engine for it.
export async function lent(form) {
  if (!form.dataset.engine) return null;
  try {
    return await begun(form);
  } catch {
    return null;
  }
}

async function begun(form) {
  const { Engine, canRun } = await import(form.dataset.engine);
  if (!canRun()) return null;
  const engine = new Engine();
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const asked = fetch(form.dataset.engineKey, { method: "POST", headers });
  await engine.start();
  const answer = await asked;
  if (!answer.ok) throw new Error("key");
  const subject = await answer.json();
  await engine.ask("subject", subject);
  return { engine, subject, person: subject.person };
}
