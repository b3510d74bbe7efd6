// As many questions at a time as the machine has cores.
import { availableParallelism } from "node:os";

/** Results in the order of the questions. */
export async function inParallel<Q, A>(
  questions: readonly Q[],
  answer: (question: Q) => Promise<A>,
): Promise<A[]> {
  const answers = new Array<A>(questions.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < questions.length) {
      const index = next++;
      answers[index] = await answer(questions[index]!);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return answers;
}
