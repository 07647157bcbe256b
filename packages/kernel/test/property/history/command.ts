import type { Choices } from './choices.ts';
import type { Scene } from './scene.ts';

/** One kind of deed. What is senseless at the moment does nothing. */
export interface Command {
  readonly name: string;
  /** How often it is drawn, against the others. */
  readonly often: number;
  run(scene: Scene, choices: Choices): void;
}
