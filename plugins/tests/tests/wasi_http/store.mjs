// A store of configuration, as a host of wasi:config has one: here out of variables, so that a test can
// fill it. It knows no capitals, like Spin's.
export const get = (key) =>
	key === key.toLowerCase() ? process.env[`STORE_${key}`] : undefined;
export const getAll = () => [];
