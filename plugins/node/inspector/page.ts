/**
 * The page: reads the field, asks the component, shows the answer.
 *
 * Whoever made a token chose the texts in it. They reach the page as text nodes alone, and Trusted
 * Types forbid any other way.
 */

import component from '../src/component/component.core.wasm';
import { Signer } from '../src/signer.js';
import type { Finding, Inspection } from '../src/types.js';
import { facts, moment, reason, sentence, span, tokenIn, verdict, type Verdict } from './words.js';

/** How long a server takes a token, in seconds. */
const LIFE = 900;

const signer = new Signer(new WebAssembly.Module(component));
const form = element('form');
const field = element('token') as HTMLTextAreaElement;

/** What the page last said, so that a screen reader hears a verdict once. */
let said = '';
let ticking: number | undefined;

form.addEventListener('submit', (event) => {
  event.preventDefault();
  inspect();
});
// A paste is shown at once; what is typed, too.
field.addEventListener('input', inspect);
element('clear').addEventListener('click', () => {
  clear();
  field.focus();
});
// Neither the way back nor a restored tab finds the token here.
window.addEventListener('pagehide', clear);

function clear(): void {
  field.value = '';
  inspect();
}

/** Shows what there is to say now, and again each second while there is a token. */
function inspect(): void {
  window.clearInterval(ticking);
  const token = tokenIn(field.value);
  if (token === '') {
    element('report').hidden = true;
    say(undefined);
    return;
  }
  show(token, true);
  ticking = window.setInterval(() => show(token, false), 1000);
}

/** A second later, only the life and the verdict can be others: the rest is left alone. */
function show(token: string, isNew: boolean): void {
  const now = Math.floor(Date.now() / 1000);
  const inspection = signer.inspect(token, now);
  const { title } = verdict(inspection);
  showLife(inspection, now);
  if (isNew || title !== said) {
    say(verdict(inspection));
    showReasons(inspection);
    showClaims(inspection);
    element('report').hidden = false;
  }
}

function say(what: Verdict | undefined): void {
  said = what?.title ?? '';
  const status = element('status');
  status.className = what === undefined ? '' : what.isGood ? 'good' : 'bad';
  if (what === undefined) {
    status.replaceChildren();
    return;
  }
  const text = make('div', '', make('p', 'verdict', what.title), make('p', 'detail', what.detail));
  const mark = make('span', 'mark');
  mark.setAttribute('aria-hidden', 'true');
  status.replaceChildren(mark, text);
}

function showLife({ claims }: Inspection, now: number): void {
  const [born, dies] = [claims?.signedAt, claims?.refusedFrom];
  element('life').hidden = born === undefined || dies === undefined;
  if (born === undefined || dies === undefined) {
    return;
  }
  // A server takes it in its last second still.
  const left = dies - now;
  element('countdown').textContent =
    left >= 0 ? `${span(left)} left` : `Dead for ${span(-left)}`;
  const share = Math.min(1, Math.max(0, left / LIFE));
  element('left').style.transform = `scaleX(${share})`;
  element('born').textContent = `signed ${moment(born)}`;
  element('dies').textContent = `dies ${moment(dies)}`;
}

function showReasons({ rejection, findings }: Inspection): void {
  const server =
    rejection === undefined
      ? line('good', 'Finds nothing wrong with it, and asks STS.')
      : line('bad', sentence(reason(rejection)), rejection.code);
  element('server-reasons').replaceChildren(server);
  const sts = findings.map(({ code, message }: Finding) => line('bad', sentence(message), code));
  const unread = rejection !== undefined && findings.length === 0;
  const none = unread
    ? 'It is not asked: the server refuses the token before.'
    : 'Nothing that it would refuse, but for what only STS knows.';
  element('sts-reasons').replaceChildren(
    ...(sts.length > 0 ? sts : [make('li', unread ? 'none' : 'good', none)]),
  );
}

function line(kind: 'good' | 'bad', text: string, code?: string): HTMLElement {
  return code === undefined ? make('li', kind, text) : make('li', kind, text, make('code', '', code));
}

function showClaims({ claims }: Inspection): void {
  element('claims').hidden = claims === undefined;
  const rows = claims === undefined ? [] : facts(claims);
  element('facts').replaceChildren(
    ...rows.map(({ name, value, remark }) =>
      make(
        'div',
        '',
        make('dt', '', name),
        make('dd', '', value, ...(remark === '' ? [] : [make('small', '', remark)])),
      ),
    ),
  );
}

/** An element with children, texts as text. */
function make(name: string, className: string, ...children: Array<Node | string>): HTMLElement {
  const made = document.createElement(name);
  made.className = className;
  made.append(...children);
  return made;
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) {
    throw new Error(`the page has no ${id}`);
  }
  return found;
}
