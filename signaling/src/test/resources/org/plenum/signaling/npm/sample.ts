// What somebody writes in TypeScript against the package; ClientPackageTest has it checked, strictly.
import { Conversation, PlenumError, PlenumRoom, Recorder, Statistics, canRecord } from 'plenum-client';

const room = new PlenumRoom();
const conversation = new Conversation(room, 'Ada');
const statistics = new Statistics(room, 'Ada');

room.addEventListener('tile', ({ detail }) => {
  const stream: MediaStream | null = detail.stream;
  const screen: boolean = detail.screen;
  console.log(detail.participant.toUpperCase(), screen, stream?.id);
});
room.addEventListener('state', ({ detail: { state, error } }) => {
  if (state === 'closed' && error instanceof PlenumError) console.log(error.code);
});
conversation.addEventListener('chat', ({ detail }) => console.log(detail.message.at.toISOString()));
statistics.addEventListener('sample', () => console.log(statistics.series.size));

// @ts-expect-error there is no such event
room.addEventListener('titel', () => {});
// @ts-expect-error a room must be named
void room.join({ name: 'Ada' });
// @ts-expect-error there is no such source
room.setMuted('telephone', true);

export async function call(stream: MediaStream): Promise<string> {
  await room.join({ server: 'https://meet.example.org/', room: 'lobby', name: 'Ada', stream });
  room.view([...room.participants.values()].map(({ participant }) => ({ participant, maxHeight: 360 })));
  const counters = await room.serverCounters();
  console.log(counters?.roundTripTime);
  const own = room.streamOf(room.participant ?? '');
  if (canRecord() && own) {
    const recorder = new Recorder({ room: 'lobby', server: 'https://meet.example.org/' });
    recorder.addEventListener('ended', ({ detail }) => console.log(detail.error?.message));
    await recorder.start(own, 'Ada');
  }
  return room.name;
}
