/**
 * The content store in a folder:
 *
 *     const content = await contentFs({ dir: join(home, 'content') });
 *     const cid = await content.put(bytes, 'raw');
 *     const car = await exportCar(content, [cid]);
 */
export {
  CAR_BLOCKS_MAX,
  CAR_BYTES_MAX,
  CAR_ROOTS_MAX,
  type CarContents,
  type CarFault,
} from './car/car-format.ts';
export { type ExportCarOptions, exportCar, importCar } from './car/car-store.ts';
export { readCar } from './car/read-car.ts';
export { writeCar } from './car/write-car.ts';
export { type ContentFsOptions, contentFs } from './content-fs.ts';
export { open } from './open.ts';
